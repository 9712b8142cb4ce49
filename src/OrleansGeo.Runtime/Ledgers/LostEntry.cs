using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Ledgers;

/// <summary>A lost write without its states: what the ledger is listed and settled by.</summary>
/// <param name="Cut">The id of the cut row that it is in.</param>
/// <param name="Position">Its position.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Epoch">The epoch that wrote it.</param>
/// <param name="Entity">The grain id as text.</param>
/// <param name="Request">The request; none when it cannot be repeated.</param>
/// <param name="States">The names of the states that it changed.</param>
internal sealed record LostEntry(long Cut, LogPosition Position, ShardId Shard, long Epoch, string Entity, RequestId Request, ImmutableArray<string> States);
