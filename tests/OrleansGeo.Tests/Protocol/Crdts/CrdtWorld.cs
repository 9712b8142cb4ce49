using System.Globalization;
using System.Text;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>Regions that write one CRDT state under a schedule. After every step, what the region shows is compared with the model.</summary>
internal sealed partial class CrdtWorld
{
    private readonly CrdtKind _kind;
    private readonly CrdtRules _rules;
    private readonly bool _cleansUp;
    private readonly bool _waitsForReporters;
    private readonly string[] _rows;
    private readonly CausalModel _model;
    private readonly List<RowEntry>[] _logs;
    private readonly CrdtReplica[] _replicas;
    private int _values;

    private CrdtWorld(CrdtKind kind, int replicas, CrdtRules rules, bool cleansUp, bool waitsForReporters)
    {
        _kind = kind;
        _rules = rules;
        _cleansUp = cleansUp;
        _waitsForReporters = waitsForReporters;
        _rows = [.. Enumerable.Range(0, replicas).Select(static row => $"r{row}")];
        _model = new(kind, _rows);
        _logs = [.. _rows.Select(static _ => new List<RowEntry>())];
        _replicas = [.. _rows.Select((_, self) => new CrdtReplica(self, replicas) { View = NewView(self, 1), Wall = 1_000_000 + (self * 240_000) })];
        foreach (var replica in _replicas)
        {
            Reload(replica, 0);
        }
    }

    /// <exception cref="Violation">A promise is broken; the message begins with its name.</exception>
    public static CrdtWorld Run(CrdtKind kind, int replicas, IEnumerable<CrdtStep> steps, CrdtRules? rules = null, bool cleansUp = true, bool waitsForReporters = true)
    {
        var world = new CrdtWorld(kind, replicas, rules ?? CrdtRules.All, cleansUp, waitsForReporters);
        foreach (var step in steps)
        {
            world.Do(step);
        }

        world.End();
        return world;
    }

    /// <summary>How many fields were cleaned up.</summary>
    public int Cleaned { get; private set; }

    /// <summary>How many writes the model calls overruled.</summary>
    public long Overruled { get; private set; }

    private void Do(CrdtStep step)
    {
        var replica = _replicas[step.Replica % _rows.Length];
        replica.Wall += step.Choice;
        switch (step.Kind)
        {
            case StepKind.Operate:
                Operate(replica, "abc"[step.Key].ToString(), step.Choice);
                if (step.Choice % 4 == 2)
                {
                    Write(replica, 0);
                }

                break;
            case StepKind.Write:
                Write(replica, step.Choice % 3);
                break;
            case StepKind.Deliver when step.Row % _rows.Length is var row && row != replica.Self:
                Deliver(replica, row, 1 + (step.Choice % 4), isBatch: step.Choice % 8 < 4, repeats: step.Key);
                break;
            case StepKind.Report:
                Report(replica);
                break;
            case StepKind.Meet:
                Meet();
                break;
            case StepKind.Reload:
                Reload(replica, step.Choice);
                break;
            case StepKind.Discard:
                replica.View.Discard();
                _model.Forget(replica.Self, Written(replica.Self));
                break;
            case StepKind.Jump:
                replica.Wall += (step.Choice - 500) * 1_000L;
                break;
            case StepKind.Replace:
                Replace(replica, step.Choice);
                break;
        }

        Check(replica);
    }

    private void Operate(CrdtReplica replica, string key, int choice)
    {
        var view = replica.View;
        var value = (++_values).ToString(CultureInfo.InvariantCulture);
        switch (_kind)
        {
            case CrdtKind.Counter:
                var amount = choice % 2 == 0 ? choice : -choice;
                Did(OpKind.Count, amount, default);
                _ = view.TryCount(Math.Max(0, amount), Math.Max(0, -amount)) ? true : throw new Violation("counted: a small amount was refused");
                break;
            case CrdtKind.Set when choice % 3 > 0:
                Did(OpKind.Add, 0, default);
                view.Add(key);
                break;
            case CrdtKind.Map or CrdtKind.MultiValue when choice % 3 > 0:
                var time = _kind == CrdtKind.Map ? replica.Clock.Next(replica.Wall, view.LatestTime(key)) : default(HybridTime?);
                Did(OpKind.Put, 0, time ?? default);
                view.Put(key, Encoding.UTF8.GetBytes(value), time);
                break;
            default:
                // Removing what is not there is no operation.
                if (view.Contains(key))
                {
                    Did(OpKind.Remove, 0, default);
                    view.Remove(key);
                }

                break;
        }

        void Did(OpKind what, long by, HybridTime time) => _model.Do(replica.Self, Known(replica), key, what, value, by, time);
    }

    private void Write(CrdtReplica replica, int gap)
    {
        var changes = replica.View.TakeChanges(_cleansUp ? row => Everywhere(replica, Array.IndexOf(_rows, row)) : null);
        if (changes.IsEmpty)
        {
            return;
        }

        replica.Position += 1 + gap;
        var version = new RecordVersion(replica.Incarnation, new(replica.Position));
        replica.View.Staged(version);
        _logs[replica.Self].Add(new(version, [.. changes.Select(change => new StateRecord(change.Name, version, change.Bytes))], _model.CountOf(replica.Self)));
        replica.Held[replica.Self] = _logs[replica.Self].Count;
        Cleaned += changes.Count(static change => change.Bytes is null);
    }

    private void Deliver(CrdtReplica replica, int row, int count, bool isBatch, int repeats)
    {
        var from = replica.Held[row];
        var to = Math.Min(_logs[row].Count, from + count);
        var entries = _logs[row][Math.Max(0, from - repeats)..to];
        if (isBatch && entries.Count > 0)
        {
            replica.View.Apply(_rows[row], entries.SelectMany(static entry => entry.States).Reverse(), entries[^1].Version);
        }
        else
        {
            entries.ForEach(entry => replica.View.Apply(_rows[row], entry.States, entry.Version));
        }

        replica.Held[row] = to;
    }

    /// <summary>Everyone hears of everything, and tells so.</summary>
    private void Meet()
    {
        foreach (var replica in _replicas)
        {
            Write(replica, 0);
        }

        foreach (var replica in _replicas)
        {
            for (var row = 0; row < _rows.Length; row++)
            {
                if (row != replica.Self)
                {
                    Deliver(replica, row, int.MaxValue - replica.Held[row], isBatch: true, repeats: 0);
                }
            }

            Report(replica);
            Check(replica);
        }
    }

    private void Report(CrdtReplica replica) =>
        replica.Reports.Add((Through(replica, replica.Self), [.. _rows.Select((_, row) => Through(replica, row))]));

    /// <summary>What every region is known to have of a row, told by those whose own rows are here as far as they had written them.</summary>
    private RecordVersion? Everywhere(CrdtReplica asking, int row)
    {
        var least = Through(asking, row);
        foreach (var other in _replicas.Where(other => other != asking))
        {
            var here = Through(asking, other.Self);
            var at = other.Reports.FindLastIndex(report => !_waitsForReporters || report.OwnEnd.CompareIncarnationFirst(here) <= 0);
            if (at < 0)
            {
                return null;
            }

            var told = other.Reports[at].Holds[row];
            least = told.CompareIncarnationFirst(least) < 0 ? told : least;
        }

        return least;
    }

    private RecordVersion Through(CrdtReplica replica, int row) => replica.Held[row] == 0 ? RecordVersion.None : _logs[row][replica.Held[row] - 1].Version;

    private CrdtView NewView(int self, long incarnation) => new("state", _rows[self], _rows, incarnation, CrdtView.DefaultMaxKeys, _rules);

    /// <summary>A new view of what the region holds: of every state the last, in any order, and deletions perhaps trimmed.</summary>
    private void Reload(CrdtReplica replica, int choice)
    {
        _model.Forget(replica.Self, Written(replica.Self));
        replica.View = NewView(replica.Self, replica.Incarnation);
        replica.Clock = new();
        for (var row = 0; row < _rows.Length; row++)
        {
            var states = Record(row, replica.Held[row]).Values.Where(state => choice % 2 == 0 || state.Bytes is not null);
            replica.View.Apply(_rows[row], choice % 3 == 0 ? states.Reverse() : states, Through(replica, row));
        }
    }

    /// <summary>The region's store is lost. The new one has of its own row what another region has, of the others' rows all, and starts an epoch; positions start anew.</summary>
    private void Replace(CrdtReplica replica, int choice)
    {
        var log = _logs[replica.Self];
        var survived = _replicas.Where(other => other != replica).Max(other => other.Held[replica.Self]);
        log.RemoveRange(survived, log.Count - survived);
        replica.Incarnation++;
        replica.Position = choice % 2;
        for (var row = 0; row < _rows.Length; row++)
        {
            replica.Held[row] = _logs[row].Count;
        }

        Reload(replica, choice);
    }

    private Dictionary<string, StateRecord> Record(int row, int entries)
    {
        var record = new Dictionary<string, StateRecord>();
        foreach (var state in _logs[row].Take(entries).SelectMany(static entry => entry.States))
        {
            record[state.Name] = state;
        }

        return record;
    }

    private int Written(int row) => _logs[row].Count == 0 ? 0 : _logs[row][^1].Ops;

    private int[] Known(CrdtReplica replica) =>
        [.. _rows.Select((_, row) => row == replica.Self ? _model.CountOf(row) : replica.Held[row] == 0 ? 0 : _logs[row][replica.Held[row] - 1].Ops)];
}
