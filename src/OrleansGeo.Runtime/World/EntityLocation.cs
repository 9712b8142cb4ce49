using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>The shard of an entity and that shard's home.</summary>
public readonly record struct EntityLocation(ShardId Shard, HomeAssignment Home);
