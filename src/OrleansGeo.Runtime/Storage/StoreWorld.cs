using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Runtime.Storage;

/// <summary>What a store must belong to: the region, and the settings of the world that can never change.</summary>
public sealed record StoreWorld(RegionId Region, string ServiceId, int HashShards, int AffineShardsPerRegion)
{
    public static StoreWorld Of(GeoOptions options, string serviceId) =>
        new(options.Self, serviceId, options.HashShards, options.AffineShardsPerRegion);
}
