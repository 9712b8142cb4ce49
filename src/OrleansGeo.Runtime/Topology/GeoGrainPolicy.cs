using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Topology;

/// <summary>A geo grain type's choices, resolved: which family of shards, and which home policy.</summary>
/// <param name="durability">When a write is acknowledged.</param>
/// <param name="homePolicy">Where an entity is at home.</param>
/// <param name="ownRow">For a multi-writer type, which is at home everywhere: the index of this region, whose row is written here; otherwise -1.</param>
internal sealed class GeoGrainPolicy(ShardFamily durability, IHomePolicy homePolicy, int ownRow = -1)
{
    public ShardFamily Durability { get; } = durability;

    /// <summary>Its entities move to the regions that write them.</summary>
    public bool FollowsWriters { get; init; }

    public bool IsMultiWriter => ownRow >= 0;

    /// <summary>The index of the entity's shard; of a multi-writer entity, of its row here. From memory, with no allocation.</summary>
    public int Locate(WorldTopology topology, ReadOnlySpan<byte> key)
    {
        var choice = homePolicy.Choose(key, topology.Regions);
        return IsMultiWriter ? topology.Map.LocateRow(ownRow, choice) : topology.Map.Locate(Durability, choice);
    }

    /// <summary>The index of a multi-writer entity's row in another region.</summary>
    public int LocateRow(WorldTopology topology, ReadOnlySpan<byte> key, int region) => topology.Map.LocateRow(region, homePolicy.Choose(key, topology.Regions));
}
