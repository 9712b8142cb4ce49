using Orleans.Runtime;
using Orleans.Timers;

namespace OrleansGeo.Testing;

/// <summary>The timers of a grain under test. They tick when the test says so, whatever their times are.</summary>
public sealed class GeoTestTimers : ITimerRegistry
{
    private readonly List<Timer> _timers = [];

    /// <summary>How many timers would tick.</summary>
    public int Count => _timers.Count;

    /// <summary>Ticks every timer once, in the order in which they were made. One without a period ends with that.</summary>
    /// <remarks>An exception of a tick is thrown here; a silo would log it and tick again.</remarks>
    public async Task TickAsync(CancellationToken cancellationToken = default)
    {
        foreach (var timer in _timers.ToList())
        {
            if (timer.Period == Timeout.InfiniteTimeSpan)
            {
                timer.Dispose();
            }

            await timer.Tick(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options) =>
        Add(cancellationToken => callback(state, cancellationToken), options.Period);

    /// <inheritdoc/>
    [Obsolete("Orleans keeps this overload for old grains.")]
    public IDisposable RegisterTimer(IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Add(_ => callback(state), period);

    internal void Clear() => _timers.Clear();

    private Timer Add(Func<CancellationToken, Task> tick, TimeSpan period)
    {
        var timer = new Timer(this, tick) { Period = period };
        _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(GeoTestTimers owner, Func<CancellationToken, Task> tick) : IGrainTimer
    {
        public TimeSpan Period { get; set; }

        public Func<CancellationToken, Task> Tick => tick;

        public void Change(TimeSpan dueTime, TimeSpan period) => Period = period;

        public void Dispose() => owner._timers.Remove(this);
    }
}
