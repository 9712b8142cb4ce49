using System.Collections.Immutable;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.LostWrites;

/// <summary>An acknowledged write that a forced promotion left behind.</summary>
/// <param name="Id">Names it in <c>…/replay</c> and <c>…/discard</c>.</param>
/// <param name="Region">Whose ledger it is in: the region that had acknowledged it.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Entity">The entity, <c>type/key</c>.</param>
/// <param name="Request">The request id, 32 hexadecimal digits; null when nobody could repeat the request.</param>
/// <param name="Epoch">The epoch that wrote it.</param>
/// <param name="Position">Its position in that epoch's log.</param>
/// <param name="States">The names of the states that it changed.</param>
/// <param name="State"><c>lost</c>, <c>replayed</c>, <c>discarded</c>, or <c>superseded</c>: its caller repeated it, and it took effect.</param>
internal sealed record LostWriteView(
    string Id, string Region, string Shard, string Entity, string? Request, long Epoch, long Position, ImmutableArray<string> States, string State);
