using Orleans.Timers;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Timer ticks of geo grains pass the input gate like requests, at the entity's home only. A timer ends with the object that asked for it.</summary>
internal sealed class GatedTimerRegistry(ITimerRegistry inner) : ITimerRegistry
{
    [Obsolete("Orleans keeps this overload for old grains.")]
    public IDisposable RegisterTimer(IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (grainContext.GetComponent(typeof(GeoActivation)) is not GeoActivation { OwnerOfCode: { } owner } activation)
        {
            return inner.RegisterTimer(grainContext, callback, state, dueTime, period);
        }

        // As Orleans documents them, these run beside requests.
        var timer = new GatedTimer(activation, owner, isInterleaved: true, period);
        timer.Begin(inner.RegisterTimer(activation.Context, argument => timer.TickAsync(() => callback(argument)), state, dueTime, period));
        owner.Add(timer);
        return timer;
    }

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        if (grainContext.GetComponent(typeof(GeoActivation)) is not GeoActivation { OwnerOfCode: { } owner } activation)
        {
            return inner.RegisterGrainTimer(grainContext, callback, state, options);
        }

        var timer = new GatedTimer(activation, owner, options.Interleave, options.Period);
        timer.Begin(inner.RegisterGrainTimer(activation.Context, (argument, stop) => timer.TickAsync(() => callback(argument, stop)), state, options));
        owner.Add(timer);
        return timer;
    }
}
