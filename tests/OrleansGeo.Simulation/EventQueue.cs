namespace OrleansGeo.Simulation;

/// <summary>Virtual time in microseconds, and what happens when. Events of one instant happen in the order in which they were scheduled.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    public long Now { get; private set; }

    public long Count { get; private set; }

    public TimeSpan Time => TimeSpan.FromMicroseconds(Now);

    public void After(long microseconds, Action action) => _events.Enqueue(action, (Now + microseconds, _order++));

    /// <summary>Takes one event; false when there is none left before <paramref name="until"/>.</summary>
    public bool Step(long until)
    {
        if (!_events.TryPeek(out var action, out var key) || key.At > until)
        {
            return false;
        }

        SimViolation.Unless(Count < 1_000_000, "The run does not end.");
        _events.Dequeue();
        Now = key.At;
        Count++;
        action();
        return true;
    }
}
