using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage;

/// <summary>What became of one entry of a cut row.</summary>
/// <param name="Cut">The row's <see cref="CutRow.Id"/>.</param>
/// <param name="Position">The entry's position.</param>
/// <param name="State">What became of it.</param>
public readonly record struct LedgerMark(long Cut, LogPosition Position, LostWriteState State);
