using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Gates;
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
        (options & InvokeMethodOptions.ReadOnly) != 0 && GeoSession.Current is not { Options.Consistency: not ReadConsistency.Local }
            ? ReadLocalAsync<T>(reference, request, options)
            : InvokeHomeAsync<T>(reference, request, options);

    public async ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        await InvokeMethodAsync<NoResult>(reference, request, options);

    /// <summary>One-way calls are sent once, to the home as it is known now; like all one-way calls they may be lost.</summary>
    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        RefuseObstacles(reference, request);
        if (Turn.Current is { MustHold: true } caller)
        {
            caller.AfterDurable(() => SendOnce(reference, request, options));
        }
        else
        {
            SendOnce(reference, request, options);
        }
    }

    private void SendOnce(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var shard = router.Locate(policy, reference.GrainId);
        var call = NewCall<NoResult>(request, shard, GeoCallFlags.OneWay | GeoCallFlags.HomeOnly, router.DefaultDeadline);
        var home = router.Topology.Value.HomeOf(shard.Index);
        if (home.Region == router.Self)
        {
            router.Local.InvokeMethod(reference, call, options);
        }
        else if (LinkTo(home.Region).TryGetChannel(out var channel))
        {
            channel.ReferenceRuntime.InvokeMethod(reference, call, options);
        }
    }

    public object Cast(IAddressable grain, Type interfaceType) => router.Local.Cast(grain, interfaceType);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T?> ReadLocalAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (Turn.Current is { MustHold: true } caller)
        {
            await caller.BeforeOutgoingAsync();
        }

        var session = GeoSession.Current;
        session?.Open(router.Tokens);
        var deadline = session?.Options.Deadline ?? router.DefaultDeadline;
        var call = NewCall<T>(request, router.Locate(policy, reference.GrainId), GeoCallFlags.Read, deadline);
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

        return await new Attempts<T>(router, policy, reference, request, options, session, isRead: true).RunAsync(reply);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T?> InvokeHomeAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        RefuseObstacles(reference, request);
        using var span = GeoTracing.Begin("orleansgeo.route", ActivityKind.Internal);
        span?.SetTag("orleansgeo.entity", reference.GrainId.ToString()).SetTag("orleansgeo.method", request.GetMethodName());
        var session = GeoSession.Current;
        session?.Open(router.Tokens);
        var isRead = (options & InvokeMethodOptions.ReadOnly) != 0;
        var attempts = new Attempts<T>(router, policy, reference, request, options, session, isRead);
        var caller = Turn.Current;
        if (caller is { MustHold: true })
        {
            await caller.BeforeOutgoingAsync();
        }

        if (!isRead)
        {
            (attempts.Request, attempts.Fingerprint) = caller is { IsOpen: true, Request.IsNone: false }
                ? (caller.NextNested(0), 0)
                : Identify(session, request);
        }

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

        return session is null && reply is { Kind: ReplyKind.Answer } ? reply.Value : await attempts.RunAsync(reply);
    }

    private (RequestId Request, ulong Fingerprint) Identify(GeoSession? session, IInvokable request)
    {
        if (session?.Options.RequestKey is not { } key)
        {
            return (router.RequestIds.Next(), 0);
        }

        var named = RequestId.FromKey(key);
        var ordinal = session.NextCall();
        var body = router.Serializer.SerializeToArray<object>(request);
        return (ordinal == 0 ? named : named.Nested(ordinal), XxHash64.HashToUInt64(body) | 1);
    }

    private GeoCall<T> NewCall<T>(IInvokable request, EntityShard shard, GeoCallFlags flags, TimeSpan remaining) => new()
    {
        Inner = request,
        Flags = flags,
        Shard = shard.Index,
        Generation = shard.Generation,
        Origin = router.SelfIndex,
        TopologyVersion = router.Topology.Value.Version,
        RemainingMs = (int)remaining.TotalMilliseconds,
        Trace = GeoTracing.Here,
    };

    private Links.IRegionLink LinkTo(RegionId region) => router.LinkTo(router.Topology.Value.Regions.IndexOf(region))!;

    private static void RefuseObstacles(GrainReference reference, IInvokable request)
    {
        if (MethodTraits.ObstacleOf(request) is { } obstacle)
        {
            throw new GeoException(new(
                GeoErrorCode.NotForwardable,
                $"{request.GetInterfaceName()}.{request.GetMethodName()} on {reference.GrainId} cannot be sent to its home region: {obstacle}. Mark it [ReadOnly] if it only reads, or notify through a stream or a plain grain. Nothing happened."));
        }
    }
}
