using System.Collections.Immutable;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Memory;

/// <summary>The ledger on a <see cref="MemoryRegionDisk"/>: cut rows, their marks, and suspicions. Used under the disk's lock.</summary>
internal sealed class MemoryLedger
{
    private ImmutableSortedDictionary<(long Cut, LogPosition Position), LostWriteState> _marks =
        ImmutableSortedDictionary<(long Cut, LogPosition Position), LostWriteState>.Empty;

    public ImmutableArray<CutRow> Cuts { get; private set; } = [];

    public ImmutableArray<Suspicion> Suspicions { get; private set; } = [];

    public ImmutableArray<LedgerMark> Marks => [.. _marks.Select(mark => new LedgerMark(mark.Key.Cut, mark.Key.Position, mark.Value))];

    public void Keep(ShardId shard, ImmutableArray<LogRow> removed)
    {
        var next = Cuts.Length + 1;
        Cuts = Cuts.AddRange(removed.Select((row, i) => new CutRow(next + i, shard, row)));
    }

    public void Mark(LedgerMark mark) => _marks = _marks.SetItem((mark.Cut, mark.Position), mark.State);

    public void Suspect(Suspicion suspicion)
    {
        if (!Suspicions.Any(noted => IsSame(noted, suspicion)))
        {
            Suspicions = Suspicions.Add(suspicion);
        }
    }

    public void Clear(Suspicion suspicion) => Suspicions = Suspicions.RemoveAll(noted => IsSame(noted, suspicion));

    public MemoryLedger Copy() => new() { Cuts = Cuts, Suspicions = Suspicions, _marks = _marks };

    private static bool IsSame(Suspicion left, Suspicion right) =>
        (left.Shard, left.Region, left.Epoch) == (right.Shard, right.Region, right.Epoch);
}
