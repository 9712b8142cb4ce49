using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Loops;

/// <summary>A clock that stands until a test moves it; then timers that fall due go off.</summary>
internal sealed class LoopTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<LoopTimer> _timers = [];
    private TimeSpan _now = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LoopTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Whether any timer is armed.</summary>
    public bool IsArmed
    {
        get
        {
            lock (_lock)
            {
                return _timers.Any(static timer => timer.Due is not null);
            }
        }
    }

    /// <summary>Waits until a timer is armed, to go off after exactly this from now.</summary>
    public Task WhenArmedAsync(TimeSpan pause) => Wait.UntilAsync($"a timer is armed for {pause}", () =>
    {
        lock (_lock)
        {
            return Task.FromResult(_timers.Any(timer => timer.Due == _now + pause));
        }
    });

    public void Advance(TimeSpan by)
    {
        LoopTimer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            foreach (var timer in due)
            {
                timer.Due = null;
            }
        }

        foreach (var timer in due)
        {
            timer.Callback();
        }
    }

    private sealed class LoopTimer(LoopTime time, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public TimeSpan? Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
