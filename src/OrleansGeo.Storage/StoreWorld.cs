using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage;

/// <summary>What a store must belong to: the region, and the settings of the world that can never change.</summary>
public sealed record StoreWorld(RegionId Region, string ServiceId, int HashShards, int AffineShardsPerRegion);
