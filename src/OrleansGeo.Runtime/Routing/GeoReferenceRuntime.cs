using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Routing;

/// <summary>The router, in the references to one geo grain type: decides before the call leaves the caller which region answers it.</summary>
/// <remarks>
/// Reads go to the caller's own region, everything else to the home. Attempts that fail are repeated with the same request id until the
/// deadline. Only then is there an error: one that means "did not happen" if no attempt can have arrived, otherwise
/// <see cref="GeoErrorCode.DeadlineExceeded"/>.
/// </remarks>
internal sealed class GeoReferenceRuntime(GeoRouter router, GeoGrainPolicy policy) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        HasFilters(request) ? FilterAsync<T>(reference, request, options) : RouteAsync<T>(reference, request, options, default);

    public async ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        await InvokeMethodAsync<NoResult>(reference, request, options);

    /// <summary>
    /// One-way calls are sent once, to the home as it is known now; like all one-way calls they may be lost. One that arrives and is not served is made again from there
    /// (<see cref="OneWayRequests"/>). They carry an id, so that a repeat of the request that makes them does not double them.
    /// </summary>
    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (HasFilters(request))
        {
            FilterOneWayAsync(reference, request, options).AsTask().Ignore();
        }
        else
        {
            Send(reference, request, options, default);
        }
    }

    public object Cast(IAddressable grain, Type interfaceType) => router.Local.Cast(grain, interfaceType);

    private bool HasFilters(IInvokable request) => router.HasOutgoingFilters || request is IOutgoingGrainCallFilter;

    // Apart, so that nothing is captured where there are no filters.
    private ValueTask<T?> FilterAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var made = Note(reference, request, options);
        return router.FilterAsync(reference, request, () => RouteAsync<T>(reference, request, options, made));
    }

    private ValueTask<NoResult> FilterOneWayAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var made = Note(reference, request, options);
        return router.FilterAsync(reference, request, () => SendAsync(reference, request, options, made));
    }

    /// <summary>By the time that filters let the call through, the turn that makes it may have ended. What a filter sends again is another call of that turn.</summary>
    private NestedCall Note(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        (options & InvokeMethodOptions.ReadOnly) == 0 && CallingTurn.Current is { IsOpen: true, Request.IsNone: false } open
            ? new(open, CallHash.Of(router.Serializer, reference.GrainId, request))
            : default;

    private ValueTask<T?> RouteAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options, NestedCall made) =>
        (options & InvokeMethodOptions.ReadOnly) != 0 && GeoSession.Current is not { Options.Consistency: not ReadConsistency.Local }
            ? ReadLocalAsync<T>(reference, request, options)
            : InvokeHomeAsync<T>(reference, request, options, made);

    private ValueTask<NoResult> SendAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options, NestedCall made)
    {
        Send(reference, request, options, made);
        return default;
    }

    private void Send(GrainReference reference, IInvokable request, InvokeMethodOptions options, NestedCall made)
    {
        RefuseObstacles(reference, request);
        var caller = Caller.OfOneWay(router, request);
        caller.Turn?.CallOut();
        var id = caller.Identify(router, reference, request, made);
        if (caller.Turn is { MustHold: true } turn)
        {
            SendAfter(turn, reference, request, options, caller, id);
        }
        else
        {
            SendOnce(reference, request, options, caller, id);
        }
    }

    private void SendAfter(CallingTurn turn, GrainReference reference, IInvokable request, InvokeMethodOptions options, Caller caller, CallId id) =>
        turn.AfterDurable(() => SendOnce(reference, request, options, caller, id));

    private void SendOnce(GrainReference reference, IInvokable request, InvokeMethodOptions options, in Caller caller, CallId id)
    {
        var shard = router.Locate(policy, reference.GrainId);
        var call = caller.NewCall<NoResult>(router, request, shard, GeoCallFlags.OneWay | GeoCallFlags.HomeOnly, caller.Remaining(router));
        call.Identify(id);
        var home = router.Topology.Value.HomeOf(shard.Index).Region;
        if (home == router.Self)
        {
            router.Local.InvokeMethod(reference, call, options);
        }
        else if (router.LinkTo(router.Topology.Value.Regions.IndexOf(home))!.TryGetChannel(out var channel))
        {
            channel.ReferenceRuntime.InvokeMethod(reference, call, options);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T?> ReadLocalAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        RefuseLongKey(reference);
        var caller = Caller.Of(router, reference, request, isRead: true);
        var remaining = caller.Deadline;
        if (caller.Turn is { MustHold: true } turn)
        {
            await turn.BeforeOutgoingAsync();
            remaining = caller.Remaining(router);
        }

        var session = caller.Session;
        var call = caller.NewCall<T>(router, request, router.Locate(policy, reference.GrainId), GeoCallFlags.Read, remaining);
        call.Session = session is null ? null : CallSession.Unread;
        GeoReply<T>? reply;
        try
        {
            reply = await router.Local.InvokeMethodAsync<GeoReply<T>>(reference, call, options);
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !request.GetCancellationToken().IsCancellationRequested)
        {
            reply = new() { Kind = ReplyKind.NotNow };
        }

        if (reply is { Kind: ReplyKind.Answer })
        {
            // Nearly always: what may have to be done again needs no keeping.
            if (session is not null)
            {
                session.Report(Attempts<T>.ResultOf(router, reply));
                SessionCalls.Report(session, reply, isChecked: false);
            }

            return reply.Value;
        }

        return await new Attempts<T>(router, policy, reference, request, options, caller, isRead: true).RunAsync(reply);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T?> InvokeHomeAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options, NestedCall made)
    {
        RefuseObstacles(reference, request);
        using var span = GeoTracing.Begin("orleansgeo.route", ActivityKind.Internal);
        span?.SetTag("orleansgeo.entity", reference.GrainId.ToString()).SetTag("orleansgeo.method", request.GetMethodName());
        var isRead = (options & InvokeMethodOptions.ReadOnly) != 0;
        var caller = (options & InvokeMethodOptions.OneWay) != 0 ? Caller.OfOneWay(router, request) : Caller.Of(router, reference, request, isRead);
        var writer = isRead ? null : caller.Turn;
        writer?.CallOut();
        try
        {
            // Before anything is waited for: which turn makes the call, and in which order, is known now.
            var id = isRead ? default : caller.Identify(router, reference, request, made);
            if (caller.Turn is { MustHold: true } turn)
            {
                await turn.BeforeOutgoingAsync();
            }

            var attempts = new Attempts<T>(router, policy, reference, request, options, caller, isRead) { Id = id };

            // The first attempt is nearly always the last: it needs no asynchronous method of its own.
            GeoReply<T>? reply;
            try
            {
                reply = await attempts.SendAsync();
            }
            catch (Exception exception) when (attempts.IsRepeatable(exception))
            {
                reply = attempts.Unanswered(exception);
            }

            return caller.Session is null && reply is { Kind: ReplyKind.Answer } ? reply.Value : await attempts.RunAsync(reply);
        }
        catch (GeoException exception) when (writer is not null && OwnFailures.SaysNothing(exception.Code))
        {
            writer.CalledInVain();
            throw;
        }
    }

    private void RefuseObstacles(GrainReference reference, IInvokable request)
    {
        RefuseLongKey(reference);
        if (MethodTraits.Of(request).Obstacle is { } obstacle)
        {
            throw new GeoException(new(
                GeoErrorCode.NotForwardable,
                $"{request.GetInterfaceName()}.{request.GetMethodName()} on {reference.GrainId} cannot be sent to its home region: {obstacle}. Mark it [ReadOnly] if it only reads, or notify through a stream or a plain grain. Nothing happened."));
        }
    }

    private void RefuseLongKey(GrainReference reference)
    {
        var length = reference.GrainId.Key.AsSpan().Length;
        if (length > router.Limits.KeyBytes)
        {
            throw new GeoException(new(
                GeoErrorCode.TooLarge, $"The key of {reference.GrainId.Type} has {length} bytes; the limit is {router.Limits.KeyBytes} ({nameof(Configuration.GeoLimits.KeyBytes)}). Nothing happened."));
        }
    }
}
