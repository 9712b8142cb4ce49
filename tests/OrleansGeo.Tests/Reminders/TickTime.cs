namespace OrleansGeo.Tests.Reminders;

/// <summary>A clock that a test sets, with one timer that goes off when the test says so.</summary>
internal sealed class TickTime(DateTime now) : TimeProvider
{
    private readonly Lock _lock = new();
    private Action? _callback;
    private TimeSpan _armed = Timeout.InfiniteTimeSpan;

    public DateTime Now { get; set; } = now;

    /// <summary>What asking for the time fails with; null: it does not fail.</summary>
    public Exception? Failure { get; set; }

    public override DateTimeOffset GetUtcNow() => Failure is { } failure ? throw failure : Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _callback = () => callback(state);
        return new Armed(this);
    }

    /// <summary>Waits until the timer is armed for this long.</summary>
    public Task WhenArmedAsync(TimeSpan dueTime) => Worlds.Wait.UntilAsync($"the timer is armed for {dueTime}", () =>
    {
        lock (_lock)
        {
            return Task.FromResult(_armed == dueTime);
        }
    });

    public void GoOff()
    {
        lock (_lock)
        {
            _armed = Timeout.InfiniteTimeSpan;
        }

        _callback!();
    }

    private sealed class Armed(TickTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._armed = dueTime;
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
