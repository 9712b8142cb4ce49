using OrleansGeo.Crdts;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Testing;

/// <summary>The state of a multi-writer entity: this region's row, and one of another region that only the test writes.</summary>
internal sealed class CrdtTestState<TState> : GeoTestState<TState>
{
    private const long Incarnation = 1;
    private const string Here = "here";
    private const string Elsewhere = "elsewhere";

    private readonly Dictionary<string, StateRecord> _here = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateRecord> _elsewhere = new(StringComparer.Ordinal);
    private readonly HybridClock _clock = new();
    private readonly string _name;
    private readonly TimeProvider _time;
    private TState _state;
    private CrdtView _view;
    private long _position;

    public CrdtTestState(string name, TimeProvider time)
    {
        (_name, _time) = (name, time);
        (_state, _view) = Make(Here);
    }

    public override TState State
    {
        get => _state;
        set => throw new GeoError(GeoErrorCode.InvalidArgument, $"State '{_name}' is a CRDT: it is changed by its own methods, not replaced. Nothing happened.").ToException();
    }

    public override TState Stored => Make(Here).State;

    public override bool RecordExists => _here.Count > 0 || _elsewhere.Count > 0;

    private RecordVersion Version => new(Incarnation, new(_position));

    public override void Change(Action<TState> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (state, view) = Make(Elsewhere);
        change(state);
        Keep(view, _elsewhere);
        _view.Apply(Elsewhere, _elsewhere.Values, Version);
    }

    private protected override void Reload() => (_state, _view) = Make(Here);

    private protected override void Discard() => _view.Discard();

    private protected override bool Write() => Keep(_view, _here);

    private protected override void Clear() => throw new GeoError(
        GeoErrorCode.InvalidArgument,
        $"State '{_name}' is a CRDT and cannot be cleared: other regions may be writing it. Remove its members instead. Nothing happened.").ToException();

    private protected override void Refused() => _view.Discard();

    private bool Keep(CrdtView view, Dictionary<string, StateRecord> row)
    {
        var changes = view.TakeChanges();
        if (changes.IsEmpty)
        {
            return false;
        }

        _position++;
        view.Staged(Version);
        foreach (var change in changes)
        {
            row[change.Name] = new(change.Name, Version, change.Bytes);
        }

        return true;
    }

    private (TState State, CrdtView View) Make(string self)
    {
        var view = new CrdtView(_name, self, [Here, Elsewhere], Incarnation);
        view.Apply(Here, _here.Values, Version);
        view.Apply(Elsewhere, _elsewhere.Values, Version);
        var state = Activator.CreateInstance<TState>();
        ((ICrdt)(object)state!).Bind(new(view, _clock, _time));
        return (state, view);
    }
}
