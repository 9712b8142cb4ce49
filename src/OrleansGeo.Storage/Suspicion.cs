using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage;

/// <summary>A forced promotion went ahead without the old home: what that acknowledged from here on may be lost, and is not known yet.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Region">The old home.</param>
/// <param name="Epoch">The epoch that left it behind.</param>
/// <param name="From">The first position that is suspected.</param>
public readonly record struct Suspicion(ShardId Shard, RegionId Region, long Epoch, LogPosition From);
