namespace OrleansGeo.Tests.Storage;

/// <summary>A clock whose timers fire when a test says so.</summary>
internal sealed class HandTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<HandTimer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state), dueTime);
        lock (_gate)
        {
            _timers.Add(timer);
            _armed.TrySetResult();
        }

        return timer;
    }

    /// <summary>Waits until a timer is armed, and says for how long.</summary>
    public async Task<TimeSpan> ArmedAsync()
    {
        await _armed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        lock (_gate)
        {
            return _timers[0].DueTime;
        }
    }

    /// <summary>Fires what is armed.</summary>
    public void Fire()
    {
        HandTimer[] due;
        lock (_gate)
        {
            due = [.. _timers];
            _timers.Clear();
            _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        foreach (var timer in due)
        {
            timer.Callback();
        }
    }

    private sealed class HandTimer(HandTime time, Action callback, TimeSpan dueTime) : ITimer
    {
        public Action Callback { get; } = callback;

        public TimeSpan DueTime { get; } = dueTime;

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("A delay is not changed.");

        public void Dispose()
        {
            lock (time._gate)
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
