using System.Collections.Immutable;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>A write of <c>Region</c> durability that a forced promotion left behind, in the ledger of the region that had acknowledged it.</summary>
/// <param name="Id"><c>region-cut-position</c>.</param>
/// <param name="Region">Whose ledger.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Entity">The grain id, <c>type/key</c>.</param>
/// <param name="Request">The request id, 32 hexadecimal digits; empty when no caller could repeat it.</param>
/// <param name="Epoch">The epoch that wrote it.</param>
/// <param name="Position">Its position in that epoch's log.</param>
/// <param name="States">The names of the states that it changed.</param>
/// <param name="State">What became of it.</param>
public sealed record LostWrite(
    string Id, RegionId Region, ShardId Shard, string Entity, string Request, long Epoch, long Position, ImmutableArray<string> States, LostWriteState State);
