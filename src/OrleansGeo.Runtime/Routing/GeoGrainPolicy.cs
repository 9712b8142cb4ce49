using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>A geo grain type's choices, resolved: which family of shards, and which home policy.</summary>
internal sealed class GeoGrainPolicy(ShardFamily family, IHomePolicy homePolicy)
{
    public ShardFamily Family { get; } = family;

    /// <summary>The index of the entity's shard. From memory, with no allocation.</summary>
    public int Locate(WorldTopology topology, ReadOnlySpan<byte> key) =>
        topology.Map.Locate(Family, homePolicy.Choose(key, topology.Regions));
}
