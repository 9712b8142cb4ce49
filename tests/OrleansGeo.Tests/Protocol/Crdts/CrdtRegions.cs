using OrleansGeo.Crdts;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>Regions with one state of the user's type each; rows travel when a test says so.</summary>
internal sealed class CrdtRegions<T>
    where T : class, ICrdt<T>, new()
{
    private readonly string[] _names;
    private readonly List<(RecordVersion Version, List<StateRecord> States)>[] _logs;

    public CrdtRegions(int count, int maxKeys = CrdtView.DefaultMaxKeys)
    {
        _names = [.. Enumerable.Range(0, count).Select(static at => $"r{at}")];
        _logs = [.. _names.Select(static _ => new List<(RecordVersion, List<StateRecord>)>())];
        Clocks = [.. _names.Select(static _ => new SetClock())];
        Views = [.. _names.Select(name => new CrdtView("s", name, _names, incarnation: 1, maxKeys))];
        States = [.. Views.Select((view, at) => Bind(view, Clocks[at]))];
    }

    public T[] States { get; }

    public CrdtView[] Views { get; }

    public SetClock[] Clocks { get; }

    public void Write(int region)
    {
        var changes = Views[region].TakeChanges();
        var version = new RecordVersion(1, new(_logs[region].Count + 1));
        Views[region].Staged(version);
        _logs[region].Add((version, [.. changes.Select(change => new StateRecord(change.Name, version, change.Bytes))]));
    }

    public void Send(int from, int to) => _logs[from].ForEach(entry => Views[to].Apply(_names[from], entry.States, entry.Version));

    public void Meet()
    {
        for (var from = 0; from < _names.Length; from++)
        {
            if (Views[from].HasChanges)
            {
                Write(from);
            }

            for (var to = 0; to < _names.Length; to++)
            {
                if (to != from)
                {
                    Send(from, to);
                }
            }
        }
    }

    private static T Bind(CrdtView view, TimeProvider time)
    {
        var state = new T();
        state.Bind(new(view, new HybridClock(), time));
        return state;
    }

    internal sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(1);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
