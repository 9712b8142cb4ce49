using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>A region that was left behind may have acknowledged writes of a shard from a position on. Settled when its store is back.</summary>
public sealed record SuspectedLoss(ShardId Shard, RegionId Region, long Epoch, long FromPosition);
