using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage;
using OrleansGeo.Testing;

namespace OrleansGeo.Testing;

/// <summary>What a <see cref="GeoTestCluster"/> consists of.</summary>
public sealed class GeoTestClusterOptions
{
    /// <summary>The regions, in the world's order. Default: three.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["westeurope", "eastus2", "southeastasia"];

    /// <summary>Silos in each region. Default 2.</summary>
    public short SilosPerRegion { get; init; } = 2;

    /// <summary>The emulated network between the regions. Default: no delay, but it can be cut.</summary>
    public WanMatrix Wan { get; init; } = WanMatrix.Off;

    /// <summary>
    /// Makes a region's store; called again when a stopped region is started. Its silos share it. Default: memory, which keeps its content while the region is stopped and ends with the world.
    /// </summary>
    public Func<RegionId, IRegionStore>? CreateStore { get; init; }

    /// <summary>Further configuration of OrleansGeo in every silo and client.</summary>
    public Action<GeoBuilder> ConfigureGeo { get; init; } = static _ => { };

    /// <summary>Further configuration of every region's client. Default: none.</summary>
    public Action<IClientBuilder> ConfigureClient { get; init; } = static _ => { };

    /// <summary>Further configuration of every silo.</summary>
    public Action<ISiloBuilder> ConfigureSilo { get; init; } = static _ => { };
}
