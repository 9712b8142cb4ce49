using System.IO.Hashing;
using System.Numerics;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Keeps every region's whole log, trimmed parts included. Invariant 1: equal (shard, epoch, position) means equal bytes and equal logs up to
/// there. Invariant 9, half of it: a checkpoint is on a majority of regions.
/// </summary>
internal sealed class LogChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, long Epoch, LogPosition First), ShadowRow> _rows = [];
    private readonly List<ShadowRow>[,] _logs = Create(world);
    private readonly List<ShadowRow>[,] _copied = Create(world);

    /// <summary>What was cut from a disk, and is still in the region's memory: it shows that until it hears that the cut is done.</summary>
    private readonly List<ShadowRow>[,] _cut = Create(world);
    private readonly Dictionary<Guid, List<ShadowRow>> _copies = [];
    private readonly Dictionary<(int Region, int Shard), List<ShadowRow>> _replaced = [];

    /// <summary>(shard, row end, chain): a prefix that some region checkpointed, which every later home must have.</summary>
    public List<(int Shard, ShadowRow Row)> Checkpoints { get; } = [];

    /// <summary>What was ever stored of the shards that have one writer at a time.</summary>
    public IEnumerable<ShadowRow> EverStored => _rows.Where(pair => !world.IsRow(pair.Key.Shard)).Select(static pair => pair.Value);

    public List<ShadowRow> LogOf(int region, int shard) => _logs[region, shard];

    /// <summary>The log of a shard's newest home: as it was, if that one's disk was replaced since.</summary>
    public List<ShadowRow> LogOfHome(int shard) => world.Checks.Acknowledgements.NewestHome(shard) is var home && _replaced.TryGetValue((home, shard), out var log) ? log : _logs[home, shard];

    /// <summary>A region is home of a shard: whatever its disk was.</summary>
    public void HomeOpened(int region, int shard)
    {
        _replaced.Remove((region, shard));
        Reread(region, shard);
    }

    public void Append(int region, int shard, LogRow row)
    {
        var log = _logs[region, shard];
        var previous = log.Count == 0 ? null : log[^1];
        SimViolation.Unless(
            row.First.Value == (previous?.Row.Last.Value ?? 0) + 1,
            $"{world.NameOf(region)} stored row {row.First}-{row.Last} of shard {shard} after {previous?.Row.Last}: the log has a gap.");
        var chain = XxHash64.HashToUInt64(row.Bytes.Span, (long)((previous?.Chain ?? 0) ^ (ulong)((row.Epoch * 1_000_003) + row.First.Value)));
        if (_rows.TryGetValue((shard, row.Epoch, row.First), out var known))
        {
            SimViolation.Unless(
                known.Chain == chain,
                $"Invariant 1: {world.NameOf(region)} stored row {row.First}-{row.Last} of epoch {row.Epoch} of shard {shard}, and it or what precedes it differs from what another region stored at the same epoch and position.");
        }
        else
        {
            known = new(row, chain);
            _rows.Add((shard, row.Epoch, row.First), known);
        }

        known.Holders |= 1 << region;
        log.Add(known);
    }

    public void Cut(int region, int shard, LogPosition keepThrough)
    {
        _cut[region, shard].AddRange(_logs[region, shard].Where(row => row.Row.First > keepThrough));
        _logs[region, shard].RemoveAll(row => row.Row.First > keepThrough);
    }

    /// <summary>A region read its log again: it shows what is on its disk.</summary>
    public void Reread(int region, int shard) => _cut[region, shard].Clear();

    public void Discard(int region, int shard)
    {
        _logs[region, shard].Clear();
        _copied[region, shard].Clear();
        _cut[region, shard].Clear();
    }

    /// <summary>A region's disk was replaced.</summary>
    public void Replaced(int region, int shard, List<ShadowRow> log)
    {
        _replaced.TryAdd((region, shard), [.. _logs[region, shard]]);
        Discard(region, shard);
        _logs[region, shard].AddRange(log);
    }

    /// <summary>The rows that a region which shows a shard up to a position shows.</summary>
    public List<ShadowRow> ShownRows(int region, int shard, LogPosition through)
    {
        var log = _logs[region, shard];
        var last = log.Count == 0 ? LogPosition.Zero : log[^1].Row.Last;
        return [.. log.Concat(_cut[region, shard]).Concat(_copied[region, shard].Where(row => row.Row.First > last)).Where(row => row.Row.First <= through)];
    }

    /// <summary>A region begins to copy its records elsewhere: by the time that they are there, its own disk may have been replaced.</summary>
    public void CopyBegins(Guid copy, int from, int shard) => _copies[copy] = [.. _logs[from, shard]];

    /// <summary>A copy came, with records that are newer than where its log ends.</summary>
    public void Copied(int region, int shard, Guid copy, int from, CopyFinish finish)
    {
        var log = _copies.GetValueOrDefault(copy, _logs[from, shard]);
        _logs[region, shard].AddRange(log.Where(row => row.Row.Last <= finish.Trimmed));
        _copied[region, shard].AddRange(log.Where(row => row.Row.Last > finish.Trimmed && row.Row.Last <= finish.Checkpoint));
    }

    /// <summary>Whether a region that shows a shard up to a position shows this row.</summary>
    public bool Shows(int region, int shard, ShadowRow row, LogPosition shown)
    {
        var log = _logs[region, shard];
        return row.Row.Last <= shown && (log.Contains(row) || _cut[region, shard].Contains(row) || ((log.Count == 0 || log[^1].Row.Last < row.Row.First) && _copied[region, shard].Contains(row)));
    }

    /// <summary>The row of an entry; null when there is none of that version.</summary>
    public ShadowRow? Find(int shard, RecordVersion version)
    {
        if (version == RecordVersion.None)
        {
            return null;
        }

        bool Has(ShadowRow row) => row.Row.Epoch == version.Epoch && row.Row.First <= version.Position && row.Row.Last >= version.Position;
        for (var region = 0; region < world.Config.Regions; region++)
        {
            if (_logs[region, shard].FindLast(Has) is { } found)
            {
                return found;
            }
        }

        return _rows.FirstOrDefault(pair => pair.Key.Shard == shard && Has(pair.Value)).Value;
    }

    public void HeadIs(int region, int shard, ShardHead head)
    {
        var log = _logs[region, shard];
        var last = log.Count == 0 ? LogPosition.Zero : log[^1].Row.Last;
        var epoch = log.Count == 0 ? 0 : log[^1].Row.Epoch;
        SimViolation.Unless(
            head.Last == last && head.LastEpoch == epoch,
            $"{world.NameOf(region)} shard {shard}: the head ends at {head.LastEpoch}.{head.Last}, the rows at {epoch}.{last}.");
    }

    public void Checkpointed(int region, int shard, LogPosition through)
    {
        var row = _logs[region, shard].Find(row => row.Row.Last == through);
        SimViolation.Unless(row is not null, $"{world.NameOf(region)} shard {shard}: checkpoint {through} is not the end of a row.");
        if (world.IsRow(shard))
        {
            // An owner is never cut.
            return;
        }

        SimViolation.Unless(
            BitOperations.PopCount((uint)row!.Holders) >= world.Config.Majority,
            $"Invariant 9: {world.NameOf(region)} shard {shard}: checkpoint {through} is past the stable position.");
        Checkpoints.Add((shard, row));
    }

    private static List<ShadowRow>[,] Create(SimWorld world)
    {
        var logs = new List<ShadowRow>[world.Config.Regions, world.ShardCount];
        for (var region = 0; region < logs.GetLength(0); region++)
        {
            for (var shard = 0; shard < logs.GetLength(1); shard++)
            {
                logs[region, shard] = [];
            }
        }

        return logs;
    }
}
