using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>
/// One document and some clients, one thing a tick. Every operation takes effect at one moment between call and answer, or, when the answer
/// is lost, at any moment or none: histories that are linearizable because of how they are made.
/// </summary>
internal sealed class SimulatedDocument(ulong seed, int clients, int lostPercent, bool tellsVersions)
{
    private readonly Chance _chance = new(seed);
    private readonly List<DocumentOperation> _history = [];
    private readonly List<Call> _calls = [];
    private readonly List<string> _values = [];
    private string? _value;
    private RecordVersion _version = new(1, LogPosition.Zero);
    private int _time;

    public List<DocumentOperation> Run(int operations)
    {
        for (var asked = 0; asked < operations || _calls.Exists(static call => !call.IsLost); _time++)
        {
            if (asked < operations && _calls.Count(static call => !call.IsLost) < clients && _chance.Percent(40))
            {
                _calls.Add(new(_time, Choose(asked++)));
            }
            else if (_calls.Count > 0)
            {
                Advance(_chance.Pick(_calls));
            }
        }

        // What never took effect, or did so and nobody was told.
        _history.AddRange(_calls.Select(static call => new DocumentOperation(0, "doc", call.Invoked, HistoryClock.Never, call.Action, null)));
        return _history;
    }

    private void Advance(Call call)
    {
        if (call.Answer is null)
        {
            if (!call.IsLost && call.Action.Kind != DocumentActionKind.Get && _chance.Percent(lostPercent))
            {
                call.IsLost = true;
            }
            else
            {
                call.Answer = Apply(call.Action);
            }
        }
        else if (!call.IsLost)
        {
            _history.Add(new(0, "doc", call.Invoked, _time, call.Action, call.Answer));
            _calls.Remove(call);
        }
    }

    private DocumentAction Choose(int number)
    {
        var value = $"v{number}";
        var action = _chance.Below(20) switch
        {
            < 9 => new DocumentAction(DocumentActionKind.Get),
            < 14 => new(DocumentActionKind.Put, value),
            < 19 => new(DocumentActionKind.Swap, value, _values.Count == 0 || _chance.Percent(20) ? null : _values[Math.Max(0, _values.Count - _chance.Between(1, 3))]),
            _ => new(DocumentActionKind.Delete),
        };
        if (action.Value is not null)
        {
            _values.Add(value);
        }

        return action;
    }

    private DocumentAnswer Apply(DocumentAction action)
    {
        var exists = _value is not null;
        switch (action.Kind)
        {
            case DocumentActionKind.Get:
                return new(exists ? DocumentOutcome.Found : DocumentOutcome.Absent, _value, tellsVersions ? _version : null);
            case DocumentActionKind.Swap when _value != action.Expected:
                return new(DocumentOutcome.Refused);
            case DocumentActionKind.Delete when !exists:
                return new(DocumentOutcome.Absent);
        }

        _value = action.Value;
        _version = new(_version.Epoch + (_chance.Percent(3) ? 1 : 0), new(_version.Position.Value + _chance.Between(1, 3)));
        var outcome = action.Kind == DocumentActionKind.Delete ? DocumentOutcome.Deleted : exists ? DocumentOutcome.Replaced : DocumentOutcome.Created;
        return new(outcome, Version: tellsVersions ? _version : null);
    }

    private sealed class Call(int invoked, DocumentAction action)
    {
        public int Invoked => invoked;

        public DocumentAction Action => action;

        public DocumentAnswer? Answer { get; set; }

        public bool IsLost { get; set; }
    }
}
