using Orleans.CodeGeneration;
using Orleans.Metadata;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Makes one-way requests again that were not served where they arrived: their callers wait for no answer, and so do not.</summary>
internal sealed class OneWayRequests(GeoRouter router, IGrainFactory grains, GrainInterfaceTypeResolver interfaces)
{
    /// <summary>Goes on with a request until it is served, or its deadline passes. Nobody waits for it.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="call">The request as it arrived.</param>
    /// <param name="request">The caller's request, with arguments that no method has changed.</param>
    /// <param name="since">When it arrived, by the router's monotonic time.</param>
    /// <param name="reply">What nobody else is told.</param>
    public void Repeat<T>(GrainId entity, GeoCall<T> call, IInvokable request, long since, GeoReply<T> reply)
    {
        if (router.Policies.TryGet(entity.Type, out var policy))
        {
            var reference = (GrainReference)grains.GetGrain(entity, interfaces.GetGrainInterfaceType(request.GetInterfaceType()));
            var caller = Caller.Of(call, since);
            var attempts = new Attempts<T>(router, policy, reference, request, InvokeMethodOptions.None, caller, isRead: false) { Id = new(call.Request, call.Fingerprint) };

            // Not in the context of the activation: that may make way for another, which would wait for it.
            Task.Run(() => attempts.RunAsync(reply).AsTask()).Ignore();
        }
    }
}
