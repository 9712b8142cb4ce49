using Orleans.Timers;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Timer ticks of geo grains pass the input gate like requests. On a replica a tick runs too, and a write in it is refused.</summary>
internal sealed class GatedTimerRegistry(ITimerRegistry inner) : ITimerRegistry
{
    [Obsolete("Orleans keeps this overload for old grains.")]
    public IDisposable RegisterTimer(IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        grainContext.GetComponent(typeof(GeoActivation)) is GeoActivation activation
            ? inner.RegisterTimer(grainContext, argument => activation.RunTickAsync(() => callback(argument)), state, dueTime, period)
            : inner.RegisterTimer(grainContext, callback, state, dueTime, period);

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options) =>
        grainContext.GetComponent(typeof(GeoActivation)) is GeoActivation activation
            ? inner.RegisterGrainTimer(grainContext, (argument, stop) => activation.RunTickAsync(() => callback(argument, stop)), state, options)
            : inner.RegisterGrainTimer(grainContext, callback, state, options);
}
