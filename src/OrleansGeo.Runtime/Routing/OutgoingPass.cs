namespace OrleansGeo.Runtime.Routing;

/// <summary>One of the host's filters as Orleans runs it: around everything but the router's attempts. The router ran it around the call.</summary>
internal sealed class OutgoingPass(IOutgoingGrainCallFilter filter) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => context.Request is IGeoCall ? context.Invoke() : filter.Invoke(context);
}
