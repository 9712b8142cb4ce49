using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Makes a silo answer messages that the version before this one could not read as that version does.</summary>
internal sealed class EarlierControl : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => context.MethodName is nameof(IControlGrain.FenceEach) or nameof(IControlGrain.HeadsEach)
        ? throw new TypeLoadException("Unable to resolve type alias \"(\"inv\",[Orleans.Runtime.GrainReference],[OrleansGeo.Runtime.Failover.IControlGrain],\"fenceeach\")\".")
        : context.Invoke();
}
