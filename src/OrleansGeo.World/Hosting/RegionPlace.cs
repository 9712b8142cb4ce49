using System.Collections.Immutable;

namespace OrleansGeo.World.Hosting;

/// <summary>Where a region listens: HTTP, per silo one silo port and one gateway port, and its storage emulator. Everything on the loopback address.</summary>
internal sealed record RegionPlace(string Region, int HttpPort, ImmutableArray<int> SiloPorts, ImmutableArray<int> GatewayPorts)
{
    private const int SiloOffset = 10_000;
    private const int GatewayOffset = 20_000;
    private const int StorageOffset = 30_000;
    private const int SiloStep = 100;
    private const int LargestPort = 65_535;

    public string Url => $"http://127.0.0.1:{HttpPort}";

    /// <summary>The emulator's port: 30,000 from the HTTP port. Null: the region has none.</summary>
    public int? StoragePort { get; init; }

    /// <summary>Derives the ports of the silos from the HTTP port: 10,000 and 20,000 above it (below it where the emulator's would pass 65,535), 100 apart.</summary>
    public static RegionPlace Create(string region, int httpPort, int silos, bool hasEmulator = false)
    {
        var up = httpPort + StorageOffset <= LargestPort ? 1 : -1;
        return new(
            region,
            httpPort,
            [.. Enumerable.Range(0, silos).Select(silo => httpPort + (up * (SiloOffset + (SiloStep * silo))))],
            [.. Enumerable.Range(0, silos).Select(silo => httpPort + (up * (GatewayOffset + (SiloStep * silo))))])
        {
            StoragePort = hasEmulator ? httpPort + (up * StorageOffset) : null,
        };
    }
}
