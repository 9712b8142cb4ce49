using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>The shard of an entity and that shard's home.</summary>
/// <param name="Shard">The shard that it is in.</param>
/// <param name="Home">That shard's home.</param>
/// <param name="IsPinned">It was moved there: that is not the shard of its key.</param>
public readonly record struct EntityLocation(ShardId Shard, HomeAssignment Home, bool IsPinned);
