using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Who makes a call, and what of that travels with it: the same for all of the call's attempts.</summary>
/// <param name="Session">The caller's session, if it has one.</param>
/// <param name="Turn">The turn of the geo grain that calls, open or ended; null: it is no geo grain.</param>
/// <param name="Since">When the call was made, by the router's monotonic time: what it waits for before its first attempt counts, too.</param>
/// <param name="Deadline">How long it may take.</param>
/// <param name="Lineage">The turns that wait for the call; null: none.</param>
internal readonly record struct Caller(GeoSession? Session, CallingTurn? Turn, long Since, TimeSpan Deadline, Lineage? Lineage)
{
    /// <summary>When the call was made, by the wall clock: UTC ticks. Of writing calls only; nothing asks a read for it.</summary>
    public long Made { get; private init; }

    /// <summary>The one-way request that is made again in its caller's place; null: this is the caller.</summary>
    private IGeoCall? Original { get; init; }

    /// <summary>The turn as long as it is open. The code of an ended one is outside: its calls carry no id and nobody waits for them.</summary>
    private CallingTurn? OpenTurn => Turn is { IsOpen: true } ? Turn : null;

    /// <summary>What is left of the deadline.</summary>
    public TimeSpan Remaining(GeoRouter router) => Deadline - router.Time.GetElapsedTime(Since);

    /// <summary>Asks for what the running code belongs to.</summary>
    /// <exception cref="GeoException">The caller's own deadline has passed.</exception>
    public static Caller Of(GeoRouter router, GrainReference reference, IInvokable request, bool isRead)
    {
        var (session, turn, open) = Current();
        session?.Open(router.Tokens);
        var deadline = session?.Options.Deadline ?? Allowed(request.GetDefaultResponseTimeout() ?? router.DefaultDeadline);
        if (open is null)
        {
            return new(session, turn, router.Time.GetTimestamp(), deadline, turn is null ? LineageContext.Read(router.Serializer) : null)
            {
                Made = isRead ? 0 : router.Time.GetUtcNow().UtcTicks,
            };
        }

        // The caller of the turn waits no longer than this, whatever the turn's own session says.
        var left = open.Remaining;
        if (left == TimeSpan.Zero)
        {
            throw OutOfTime(reference, request, open);
        }

        return new(session, turn, router.Time.GetTimestamp(), left > TimeSpan.Zero && left < deadline ? left : deadline, open.Descent) { Made = isRead ? 0 : MadeIn(router, open) };
    }

    /// <summary>Of a call that nobody waits for. So no turn does, and what is left to its caller does not limit it.</summary>
    public static Caller OfOneWay(GeoRouter router, IInvokable request)
    {
        var (session, turn, open) = Current();
        var made = open is null ? router.Time.GetUtcNow().UtcTicks : MadeIn(router, open);
        return new(session, turn, router.Time.GetTimestamp(), Allowed(request.GetDefaultResponseTimeout() ?? router.DefaultDeadline), null) { Made = made };
    }

    /// <summary>Whoever made a one-way request, that is made again in its place.</summary>
    /// <param name="original">The request as it arrived.</param>
    /// <param name="since">When it arrived.</param>
    public static Caller Of(IGeoCall original, long since) => new(null, null, since, TimeSpan.FromMilliseconds(original.RemainingMs), original.Lineage)
    {
        Made = original.Made,
        Original = original,
    };

    /// <summary>
    /// The id of a writing call. A key that the caller chose comes first, inside of geo grains, too; what a request calls has an id that its repeat derives again; everything else has a new one.
    /// </summary>
    /// <param name="router">The process's.</param>
    /// <param name="reference">What is called.</param>
    /// <param name="request">The call.</param>
    /// <param name="made">The call as it was before its filters ran, if it has any.</param>
    public CallId Identify(GeoRouter router, GrainReference reference, IInvokable request, NestedCall made)
    {
        if (Session?.Options.RequestKey is { } key)
        {
            var named = RequestId.FromKey(key);
            var number = Session.NextCall();
            return new(number == 0 ? named : named.Further(number), (ulong)CallHash.Of(router.Serializer, reference.GrainId, request) | 1);
        }

        return made.Turn is { } maker ? new(maker.NextNested(made.Hash), 0)
            : OpenTurn is { Request.IsNone: false } open ? new(open.NextNested(CallHash.Of(router.Serializer, reference.GrainId, request)), 0)
            : new(router.RequestIds.Next(), 0);
    }

    /// <summary>One attempt of the call.</summary>
    public GeoCall<T> NewCall<T>(GeoRouter router, IInvokable body, EntityShard shard, GeoCallFlags flags, TimeSpan remaining) => new()
    {
        Inner = body,
        Shard = shard.Index,
        Generation = shard.Generation,
        Flags = flags,
        Origin = Original?.Origin ?? router.SelfIndex,
        TopologyVersion = router.Topology.Value.Version,
        RemainingMs = Math.Max(1, (int)remaining.TotalMilliseconds),
        Made = Made,
        Lineage = Lineage,
        Source = Original is null ? router.SourceOf(Turn) : Original.Source,
        Trace = GeoTracing.Here,
    };

    private static (GeoSession? Session, CallingTurn? Turn, CallingTurn? Open) Current()
    {
        if (CallFlow.Current is not { } flow)
        {
            return default;
        }

        var turn = flow.Turn as CallingTurn;
        return (flow.Session, turn, turn is { IsOpen: true } ? turn : null);
    }

    // A turn is made at one time, the same in every repeat, and so is what it calls.
    private static long MadeIn(GeoRouter router, CallingTurn open) => open.Request.IsNone || open.UtcNow.Ticks == 0 ? router.Time.GetUtcNow().UtcTicks : open.UtcNow.UtcTicks;

    private static TimeSpan Allowed(TimeSpan configured) => configured < GeoCallOptions.LongestDeadline ? configured : GeoCallOptions.LongestDeadline;

    private static GeoException OutOfTime(GrainReference reference, IInvokable request, CallingTurn open) => new(new(
        GeoErrorCode.HomeUnavailable,
        $"{request.GetMethodName()} on {reference.GrainId} was not called: the request to {open.Entity} that calls it has used up its deadline. Nothing happened here; the whole request may be repeated.",
        TimeSpan.FromSeconds(1)));
}
