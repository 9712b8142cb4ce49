using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Invariant 7, without tokens: it remembers the rows that a session saw, and a log that the session is shown must have them; unless it was told
/// that they are lost, which must be true then. At rest, every region knows which of the two it is.
/// </summary>
internal sealed class SessionChecker(SimWorld world)
{
    private readonly Dictionary<(SimSession Session, int Shard), List<ShadowRow>> _rows = [];
    private readonly Dictionary<(SimSession Session, int Shard, string Entity), LogPosition> _records = [];

    /// <summary>How often a session was told that something is lost.</summary>
    public int Told { get; private set; }

    /// <summary>A region shows the session an entity, by its copy of the log up to a position.</summary>
    public void Served(SimSession? session, int region, int shard, LogPosition through, string entity, EntityRecord record)
    {
        if (session is null)
        {
            return;
        }

        if (world.Config.Moves && !world.IsRow(shard))
        {
            world.Checks.EntityReads.Served(session, region, shard, entity, world.Checks.EntityReads.GenerationOf(entity, region, shard, through, record));
        }

        foreach (var row in RowsOf(session, shard))
        {
            SimViolation.Unless(
                world.Checks.Logs.Shows(region, shard, row, through),
                $"Invariant 7: a session saw {row.Row.Epoch}.{row.Row.Last} of shard {shard}, and {world.NameOf(region)} shows it {entity} without that, through {through}.");
        }

        var before = _records.GetValueOrDefault((session, shard, entity));
        SimViolation.Unless(
            record.States.IsEmpty || record.Version.Position >= before,
            $"Invariant 7: a session saw {entity} of shard {shard} at {before}, and {world.NameOf(region)} shows it {record.Version}.");
    }

    /// <summary>The session got an answer.</summary>
    public void Saw(SimSession? session, int shard, string entity, RecordVersion version)
    {
        if (session is not null && world.Checks.Logs.Find(shard, version) is { } row)
        {
            var rows = RowsOf(session, shard);
            rows.RemoveAll(older => older.Row.Last <= row.Row.Last);
            rows.Add(row);
            var key = (session, shard, entity);
            _records[key] = LogPosition.Max(_records.GetValueOrDefault(key), version.Position);
        }
    }

    /// <summary>The session was told that something is lost, and from where it goes on in each of these shards.</summary>
    public void ToldLost(SimSession session, params ReadOnlySpan<(int Shard, RecordVersion Shown)> repaired)
    {
        Told++;
        var isTrue = false;
        foreach (var (shard, _) in repaired)
        {
            isTrue |= RowsOf(session, shard).Exists(row => IsLost(shard, row));
        }

        SimViolation.Unless(isTrue, $"Invariant 7: a session was told that what it saw of shard {repaired[0].Shard}, {session.FloorOf(repaired[0].Shard)}, is lost, and goes on from {repaired[0].Shown}; the home has all of it.");
        foreach (var (shard, shown) in repaired)
        {
            world.Checks.EntityReads.ToldLost(session, shard);
            var rows = RowsOf(session, shard);
            rows.Clear();
            rows.AddRange(world.Checks.Logs.Find(shard, shown) is { } row ? [row] : []);
            foreach (var key in _records.Keys.Where(key => key.Session == session && key.Shard == shard).ToArray())
            {
                _records.Remove(key);
            }
        }
    }

    /// <summary>At rest, what a region says of a session is what its log says.</summary>
    /// <param name="shown">Of a region and a shard: its table of epochs, and up to where it shows the log.</param>
    public void Final(Func<int, int, (EpochTable Epochs, LogPosition Shown)> shown)
    {
        foreach (var ((session, shard), rows) in _rows.Where(static pair => pair.Value.Count > 0))
        {
            for (var region = 0; region < world.Regions.Length; region++)
            {
                var (epochs, through) = shown(region, shard);
                var isShown = rows.TrueForAll(row => world.Checks.Logs.Shows(region, shard, row, through));
                var verdict = session.Judge(shard, epochs, through);
                SimViolation.Unless(
                    verdict == (isShown ? FloorVerdict.Satisfied : FloorVerdict.Lost),
                    $"Invariant 7: at rest a session that saw {session.FloorOf(shard)} of shard {shard} is told {verdict} in {world.NameOf(region)}, which shows {(isShown ? "all" : "not all")} of that, through {through}.");
            }
        }
    }

    private bool IsLost(int shard, ShadowRow row) =>
        world.FamilyOf(shard) != ShardFamily.Quorum && !world.Checks.Logs.LogOfHome(shard).Contains(row);

    private List<ShadowRow> RowsOf(SimSession session, int shard)
    {
        if (!_rows.TryGetValue((session, shard), out var rows))
        {
            _rows.Add((session, shard), rows = []);
        }

        return rows;
    }
}
