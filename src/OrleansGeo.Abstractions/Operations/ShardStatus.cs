using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>A shard and its home.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Home">Its home.</param>
/// <param name="HandingOverTo">The region that the home is handing it over to; null: none.</param>
/// <param name="Preferred">The region that is its home when all is well.</param>
public readonly record struct ShardStatus(ShardId Shard, HomeAssignment Home, RegionId? HandingOverTo, RegionId Preferred);
