using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>One of the host's filters as Orleans runs it: around everything but what passes a gate, which runs it itself.</summary>
/// <remarks>A plain call to a geo grain, of a client without OrleansGeo, passes the gate too, a little later.</remarks>
internal sealed class IncomingPass(IIncomingGrainCallFilter filter, Func<GeoGrainPolicies> policies) : IIncomingGrainCallFilter
{
    private GeoGrainPolicies? _policies;

    public Task Invoke(IIncomingGrainCallContext context) => IsForTheGate(context) ? context.Invoke() : filter.Invoke(context);

    private bool IsForTheGate(IIncomingGrainCallContext context) => context.Request is IGeoCall
        || (ReferenceEquals(context.Request.GetTarget(), context.Grain) && (_policies ??= policies()).TryGet(context.TargetId.Type, out _));
}
