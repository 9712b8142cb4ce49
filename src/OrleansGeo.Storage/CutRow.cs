using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage;

/// <summary>A row that a cut removed from a shard's log, kept in the ledger. <paramref name="Id"/> rises with every cut row.</summary>
public sealed record CutRow(long Id, ShardId Shard, LogRow Row);
