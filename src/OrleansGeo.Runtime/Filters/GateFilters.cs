using Orleans.Metadata;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Filters;

/// <summary>Runs the incoming filters of the host, and of the grain class, around one execution of a user's method. The gate calls it inside the turn, before the answer is recorded.</summary>
internal sealed class GateFilters(CallFilters filters, GrainInterfaceTypeResolver interfaces, DeepCopier<Response> copier)
{
    /// <summary>Runs the method. Without filters that is all.</summary>
    /// <param name="inner">The user's request; its target is set.</param>
    /// <param name="target">The user's object.</param>
    /// <param name="context">The activation, as the user's object knows it.</param>
    /// <param name="source">Which grain calls, if that is known.</param>
    public ValueTask<Response> InvokeAsync(IInvokable inner, object target, IGrainContext context, GrainId? source = null) =>
        filters.Incoming.Length == 0 && target is not IIncomingGrainCallFilter
            ? inner.Invoke()
            : new IncomingCall(inner, target, context, source, filters.Incoming, interfaces, copier).RunAsync();
}
