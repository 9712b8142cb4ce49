using System.Collections.Immutable;

namespace OrleansGeo.World.Hosting;

/// <summary>Where a region listens: HTTP, and per silo one silo port and one gateway port. Everything on the loopback address.</summary>
internal sealed record RegionPlace(string Region, int HttpPort, ImmutableArray<int> SiloPorts, ImmutableArray<int> GatewayPorts)
{
    private const int SiloOffset = 10_000;
    private const int GatewayOffset = 20_000;
    private const int SiloStep = 100;
    private const int LargestPort = 65_535;

    public string Url => $"http://127.0.0.1:{HttpPort}";

    /// <summary>Derives the ports of the silos from the HTTP port: 10,000 and 20,000 above it (below it where that passes 65,535), 100 apart.</summary>
    public static RegionPlace Create(string region, int httpPort, int silos)
    {
        var up = httpPort + GatewayOffset + (SiloStep * (silos - 1)) <= LargestPort ? 1 : -1;
        return new(
            region,
            httpPort,
            [.. Enumerable.Range(0, silos).Select(silo => httpPort + (up * (SiloOffset + (SiloStep * silo))))],
            [.. Enumerable.Range(0, silos).Select(silo => httpPort + (up * (GatewayOffset + (SiloStep * silo))))]);
    }
}
