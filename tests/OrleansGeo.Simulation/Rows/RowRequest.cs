using System.Collections.Immutable;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Rows;

/// <summary>One attempt at a multi-writer entity in one region: merges every region's row as it is shown here, and writes the own one.</summary>
internal sealed class RowRequest(SimWorld world, SimRegion region, RowOperation operation, Action<RowReply> reply)
{
    private readonly List<RowCopy> _rows = [];
    private CrdtView? _counter;
    private CrdtView? _set;
    private EntityRecord _own = EntityRecord.Empty;

    private HomeShell Home => (HomeShell)_rows[region.Index].Shell;

    private bool IsCurrent => _rows.TrueForAll(static row => row.IsCurrent);

    /// <summary>Brings every region's row of the entity into memory.</summary>
    public void Begin()
    {
        if (_rows.Count == world.Regions.Length)
        {
            Judge();
            return;
        }

        var shell = region.Shells[world.RowOf(_rows.Count)];
        if (region.Standing is not { IsProven: true } || shell?.Readable is not { } records || (shell is HomeShell) != (_rows.Count == region.Index))
        {
            End(SimAnswer.Refused);
            return;
        }

        var live = records.Hold(operation.Entity);
        var row = new RowCopy(shell, records, live);
        shell.Load(live, _ =>
        {
            _rows.Add(row);
            Begin();
        }, () => End(SimAnswer.Refused));
    }

    private void Judge()
    {
        var verdict = IsCurrent ? _rows.Max(row => operation.Session.Judge(row.Shell.Index, row.Shell.Epochs, row.Shell.ShownVersion.Position, row.Shell.Settled)) : FloorVerdict.NotYet;
        if (verdict == FloorVerdict.Lost)
        {
            reply(new(SimAnswer.Lost, [.. _rows.Select(static row => row.Shell.ShownVersion)]));
            Release();
            return;
        }

        if (verdict == FloorVerdict.NotYet)
        {
            End(SimAnswer.Behind);
            return;
        }

        _own = _rows[region.Index].Live.Current!;
        _counter = Load("n");
        _set = Load("s");
        Merge();
        if (operation.Kind == RowOperationKind.Read)
        {
            Answer(_own.Version.Position, _own.Version, null);
            return;
        }

        var rows = region.Rows!;
        rows.Running++;
        world.Events.After(world.Chance.Percent(30) ? world.Chance.Between(1_000, 40_000) : 1, () => region.Run(() =>
        {
            rows.Running--;
            Write(rows);
        }));
    }

    private CrdtView Load(string state)
    {
        var view = new CrdtView(state, region.Id.Name, world.Regions.Select(static other => other.Id.Name), Home.Token.Epoch);
        view.Apply(view.Self, _own.States, _own.Version);
        return view;
    }

    /// <summary>First how far a row is shown, then the record: that has everything up to there, and perhaps more.</summary>
    private void Merge()
    {
        for (var owner = 0; owner < _rows.Count; owner++)
        {
            var row = _rows[owner];
            row.Take(owner == region.Index ? _own : row.Live.Current!);
            if (owner != region.Index)
            {
                _counter!.Apply(world.NameOf(owner), row.Record.States, row.Through);
                _set!.Apply(world.NameOf(owner), row.Record.States, row.Through);
                row.Entries = world.Checks.Rows.EntriesOf(region.Index, owner, operation.Entity, row.Through.Position);
                world.Checks.Sessions.Served(operation.Audience, region.Index, row.Shell.Index, row.Through.Position, operation.Entity, row.Record);
            }
        }
    }

    private void Write(RowRegion rows)
    {
        if (!IsCurrent || region.Rows != rows || !Home.WouldServe)
        {
            End(SimAnswer.Refused);
            return;
        }

        if (Home.Log!.Deduplication.TryFind(operation.Entity, operation.Request, out var answer))
        {
            Home.WhenAcknowledged(answer.Position, operation.ForMajority, EntryOf(answer.Position, answer.EntityVersion), End);
            return;
        }

        Merge();
        switch (operation.Kind)
        {
            case RowOperationKind.Count:
                _counter!.TryCount(operation.Amount, 0);
                break;
            case RowOperationKind.Add:
                _set!.Add(operation.Member);
                break;
            default:
                _set!.Remove(operation.Member);
                break;
        }

        Stage(rows);
    }

    private void Stage(RowRegion rows)
    {
        ImmutableArray<StateChange> changes = [.. _counter!.TakeChanges(rows.Everywhere), .. _set!.TakeChanges(rows.Everywhere)];
        var result = Home.Run.Stage(new(_rows[region.Index].Live, _own.Version, operation.Request, operation.Fingerprint, changes, new byte[] { 1 }));
        world.Trace($"{region.Id}: row request {operation.Number} {operation.Kind} of {operation.Entity} makes {changes.Length} changes: {result.Verdict} {result.Position}");
        if (result.Verdict != StageVerdict.Staged)
        {
            End(SimAnswer.Refused);
            return;
        }

        foreach (var view in (CrdtView[])[_counter, _set])
        {
            if (view.IsInFlight)
            {
                view.Staged(result.Version);
            }
        }

        if (!changes.IsEmpty)
        {
            world.Checks.Rows.Staged(_rows[region.Index].Shell.Index, result.Version, operation, [.. _rows.Select(static row => row.Through)]);
        }

        Answer(result.Position, result.Version, EntryOf(result.Position, result.Version));
        Home.StagedRow();
    }

    private LogEntry EntryOf(LogPosition position, RecordVersion version) =>
        new() { Kind = EntryKind.Write, Position = position, Entity = operation.Entity, EntityVersion = version };

    /// <summary>What the entity is now, once everything that it is based on may be shown.</summary>
    private void Answer(LogPosition position, RecordVersion own, LogEntry? entry)
    {
        var (total, members, home) = (_counter!.Total, _set!.Keys, Home);
        Home.WhenAcknowledged(position, operation.ForMajority && entry is not null, entry, answer =>
        {
            if (answer == SimAnswer.Done)
            {
                world.Checks.Sessions.Served(operation.Audience, region.Index, home.Index, home.Log!.Stored, operation.Entity, entry is null ? _own : EntityRecord.Empty);
                _rows[region.Index].Entries = world.Checks.Rows.EntriesOf(region.Index, region.Index, operation.Entity, own.Position);
                world.Checks.Rows.Shown(region.Index, operation.Entity, [.. _rows.Select(static row => row.Entries)], total, members);
            }

            reply(new(answer, [.. _rows.Select((row, owner) => owner == region.Index ? own : row.Record.Version)]));
            Release();
        });
    }

    private void End(SimAnswer answer)
    {
        // Answered before, and by now the entity may be anything: a repeated answer tells only that it happened.
        reply(RowReply.Nothing(answer));
        Release();
    }

    private void Release()
    {
        foreach (var row in _rows)
        {
            row.Release();
        }
    }

    /// <summary>One region's row of the entity, as it is shown here.</summary>
    private sealed class RowCopy(ShardShell shell, ShardRecords records, LiveRecord live)
    {
        public ShardShell Shell => shell;

        public LiveRecord Live => live;

        public EntityRecord Record { get; private set; } = EntityRecord.Empty;

        public RecordVersion Through { get; private set; }

        /// <summary>The entries that the record is made of.</summary>
        public IReadOnlyList<(RecordVersion Version, LogEntry Entry)>? Entries { get; set; }

        public bool IsCurrent => !live.IsClosed && shell.IsCurrent && shell.Readable == records;

        public void Take(EntityRecord record)
        {
            Record = record;
            Through = shell is HomeShell || shell.ShownVersion.CompareIncarnationFirst(record.Version) < 0 ? record.Version : shell.ShownVersion;
        }

        public void Release() => records.Release(live, LogPosition.Zero);
    }
}
