using System.Diagnostics;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Routing;

/// <summary>One call's attempts, from the first to its answer or its deadline.</summary>
internal sealed class Attempts<T>(
    GeoRouter router, GeoGrainPolicy policy, GrainReference reference, IInvokable request, InvokeMethodOptions options, Caller caller, bool isRead)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How often in a row an activation that makes way is asked again at once. The next one is there by then, or something is wrong.</summary>
    private const int MostAgain = 4;

    private readonly GeoSession? _session = caller.Session;
    private TimeSpan _pause = FirstPause;
    private int _again;
    private bool _mayHaveArrived;
    private string _lastProblem = "";
    private Exception? _lastException;
    private RegionId _lastTarget;
    private bool _wantsHome = isRead && caller.Session is { Options.MaxStaleness.Ticks: 0 };
    private int _staleness = -1;

    public CallId Id { get; init; }

    /// <summary>Goes on after a first attempt.</summary>
    public async ValueTask<T?> RunAsync(GeoReply<T>? first)
    {
        for (var reply = first; ; reply = await AttemptAsync())
        {
            switch (reply?.Kind)
            {
                case null:
                    // A one-way call has no reply.
                    return default;
                case ReplyKind.Answer or ReplyKind.Thrown when IsTooStale(reply):
                case ReplyKind.Behind:
                    // This region cannot keep the promise now: the home can, if anybody.
                    _staleness = reply.StalenessMs;
                    _lastProblem = $"{router.Self} is behind";
                    if (!_wantsHome && MethodTraits.Of(request).Obstacle is null)
                    {
                        _wantsHome = true;
                        continue;
                    }

                    // The home of a multi-writer entity is here, and cannot be fresher than a round trip.
                    break;
                case ReplyKind.Answer:
                    Report(reply);
                    return reply.Value;
                case ReplyKind.Thrown:
                    Report(reply);
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reply.Thrown!);
                    break;
                case ReplyKind.Error when reply.Error!.Code == GeoErrorCode.WriteLost:
                    SessionCalls.Repair(_session, reply);
                    throw (_mayHaveArrived ? DeadlineError() : reply.Error).ToException();
                case ReplyKind.Error when !_mayHaveArrived || reply.Error!.Code == GeoErrorCode.IdempotencyMismatch:
                    throw Final(reply.Error!).ToException();
                case ReplyKind.Unknown:
                    _mayHaveArrived |= !isRead;
                    break;
                case ReplyKind.NotHome when Learn(reply):
                case ReplyKind.Moved when Learn(reply):
                    // It says where the home is, or the entity, and that is news: no reason to wait.
                    continue;
                case ReplyKind.Again when router.Gates is { IsGivenUp: true }:
                    // This very activation passes on a call of a client without OrleansGeo, and would wait for the one that takes its place, which waits for it.
                    throw DeadlineError().ToException();
                case ReplyKind.Again when _again++ < MostAgain:
                    continue;
            }

            if (reply!.Error is { } error)
            {
                _lastProblem = CauseOf(error);
            }
            else if (router.Authority.MustAskHomes)
            {
                _lastProblem = $"what the store of {router.Self} holds was not compared with the other regions yet{Unreached()}";
                if (isRead && !_wantsHome && MethodTraits.Of(request).Obstacle is null)
                {
                    _wantsHome = true;
                    continue;
                }
            }

            await PauseAsync();
        }
    }

    private bool Learn(GeoReply<T> reply)
    {
        var topology = router.Topology.Value;
        var isNews = reply.Epoch > topology.HomeOf(reply.Shard).Epoch;
        router.Topology.Hear(reply.Shard, new(topology.Regions[reply.Home], reply.Epoch));
        return router.Pins.Learn(reference.GrainId, new(reply.Shard, reply.Generation)) || isNews;
    }

    public static GeoCallResult ResultOf(GeoRouter router, GeoReply<T> reply)
    {
        var regions = router.Topology.Value.Regions;
        return new(
            regions[reply.Home],
            reply.Epoch,
            regions[reply.ServedBy],
            reply.Left is { } left ? new(left.Epoch, new(left.Position)) : new(reply.VersionEpoch, new(reply.VersionPosition)),
            reply.StalenessMs < 0 ? null : TimeSpan.FromMilliseconds(reply.StalenessMs))
        {
            Moves = reply.Left?.Moves ?? reply.Generation,
        };
    }

    private EntityShard Shard => router.Locate(policy, reference.GrainId);

    private RegionId Home => router.Topology.Value.HomeOf(Shard.Index).Region;

    /// <summary>Where the last attempt went.</summary>
    private RegionId Asked => IsLocalRead ? router.Self : _lastTarget;

    private ReadConsistency Consistency => _session?.Options.Consistency ?? ReadConsistency.Local;

    private bool IsLocalRead => isRead && Consistency switch
    {
        ReadConsistency.Strong => false,
        ReadConsistency.Session => !_wantsHome && (_session!.Seen is not { HasForgotten: true } seen || (seen.Find(Shard.Index) is not null && !policy.IsMultiWriter)),
        _ => !_wantsHome,
    };

    private bool IsTooStale(GeoReply<T> reply) => isRead && _session?.Options.MaxStaleness is { } bound && (reply.StalenessMs < 0 || reply.StalenessMs > bound.TotalMilliseconds);

    private void Report(GeoReply<T> reply)
    {
        if (_session is not null)
        {
            _session.Report(ResultOf(router, reply));
            SessionCalls.Report(_session, reply, isChecked: !isRead || Consistency is ReadConsistency.Session or ReadConsistency.Strong);
        }
    }

    /// <summary>To a caller who set a bound, that it cannot be kept now is what counts.</summary>
    private GeoError Final(GeoError error) => isRead && Consistency == ReadConsistency.Bounded
        && error.Code is GeoErrorCode.HomeUnavailable or GeoErrorCode.RegionIsolated or GeoErrorCode.DeadlineExceeded
            ? new(
                GeoErrorCode.TooStale,
                $"{request.GetMethodName()} on {reference.GrainId} in {router.Self}: what is here is {(_staleness < 0 ? "of unknown age" : $"up to {_staleness} ms old")}, {_session!.Options.MaxStaleness!.Value.TotalMilliseconds:0.###} ms are allowed, and the home did not answer ({_lastProblem}). Nothing happened; try again, or allow more.",
                error.RetryAfter ?? TimeSpan.FromSeconds(1))
            : error;

    /// <summary>One attempt. What it throws is repeatable or not; what it answers is told by the reply's kind.</summary>
    public ValueTask<GeoReply<T>?> SendAsync() => GeoTracing.IsRecorded ? SendTracedAsync() : SendOnceAsync();

    private async ValueTask<GeoReply<T>?> SendTracedAsync()
    {
        using var span = GeoTracing.Begin("orleansgeo.attempt", ActivityKind.Client);
        var sending = SendOnceAsync();
        span?.SetTag("orleansgeo.to", Asked.ToString());
        var reply = await sending;
        span?.SetTag("orleansgeo.reply", reply?.Kind.ToString());
        return reply;
    }

    private ValueTask<GeoReply<T>?> SendOnceAsync()
    {
        var topology = router.Topology.Value;
        var shard = Shard;
        var home = topology.HomeOf(shard.Index).Region;
        IGrainReferenceRuntime runtime;
        var flags = GeoCallFlags.None;
        var body = request;
        if (home == router.Self || IsLocalRead)
        {
            runtime = router.Local;

            // The receiver works on these very arguments; a repeated attempt needs them as they were.
            body = isRead || request.GetArgumentCount() == 0 ? request : router.Copier.Copy(request);
        }
        else
        {
            var link = router.LinkTo(topology.Regions.IndexOf(home))!;
            if (!link.TryGetChannel(out var channel) && router.RelayTo(home) is { } relay)
            {
                (channel, flags) = (relay, GeoCallFlags.Relay);
            }

            if (channel is null)
            {
                _lastProblem = link.DownReason ?? $"the link to {home} is down";
                return new(Refused(home));
            }

            runtime = channel.ReferenceRuntime;
        }

        _lastTarget = home;
        var answer = runtime.InvokeMethodAsync<GeoReply<T>>(reference, NewCall(body, shard, flags), options);
        return router.Gates is null && home == router.Self && !IsLocalRead && !answer.IsCompleted ? UnlessGoneAsync(answer.AsTask(), shard.Index) : answer;
    }

    /// <summary>
    /// A client whose own region is gone may wait for an answer for ever: messages were with a gateway that died. When nothing is heard of the region, and another one is the home, that one is
    /// asked; what the first one did, it does not do again. Of a region that is heard an answer comes: until then a repetition would run beside the request.
    /// </summary>
    private async ValueTask<GeoReply<T>?> UnlessGoneAsync(Task<GeoReply<T>?> answer, int shard)
    {
        while (true)
        {
            await ((Task)answer.WaitAsync(LongestPause, router.Time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (answer.IsCompleted)
            {
                return await answer;
            }

            if (router.Authority.IsUnheard && router.Topology.Value.HomeOf(shard).Region != router.Self)
            {
                answer.Ignore();
                request.GetCancellationToken().ThrowIfCancellationRequested();
                throw new TimeoutException("another region is the home now");
            }
        }
    }

    /// <summary>Whether another attempt can help after this one threw.</summary>
    public bool IsRepeatable(Exception exception) => Failures.IsTransient(exception) && !request.GetCancellationToken().IsCancellationRequested;

    /// <summary>The reply that stands for an attempt that threw.</summary>
    public GeoReply<T> Unanswered(Exception exception)
    {
        _lastException = exception;
        if (exception is TypeNotServedException)
        {
            _lastProblem = $"its grain type is not served in {Asked} yet{Unreached()}";
            return Asked == router.Self ? Refused(Home) : new() { Kind = ReplyKind.NotNow };
        }

        _lastProblem = $"no answer from {Asked}: {exception.Message}";
        return new() { Kind = ReplyKind.Unknown };
    }

    private async ValueTask<GeoReply<T>?> AttemptAsync()
    {
        try
        {
            return await SendAsync();
        }
        catch (Exception exception) when (IsRepeatable(exception))
        {
            return Unanswered(exception);
        }
    }

    private GeoCall<T> NewCall(IInvokable body, EntityShard shard, GeoCallFlags flags)
    {
        flags |= isRead ? GeoCallFlags.Read : GeoCallFlags.None;
        flags |= (options & InvokeMethodOptions.OneWay) != 0 ? GeoCallFlags.OneWay : GeoCallFlags.None;
        flags |= IsLocalRead ? GeoCallFlags.None : GeoCallFlags.HomeOnly;
        flags |= _mayHaveArrived ? GeoCallFlags.Retry : GeoCallFlags.None;
        var call = caller.NewCall<T>(router, body, shard, flags, caller.Remaining(router));
        call.Session = _session is null ? null : SessionCalls.Of(_session, shard);
        call.Identify(Id);
        return call;
    }

    private async ValueTask PauseAsync()
    {
        if (caller.Remaining(router) <= _pause)
        {
            throw Final(DeadlineError()).ToException(_lastException);
        }

        // News of another home end the pause: the next attempt may go elsewhere.
        await Task.WhenAny(Task.Delay(_pause, router.Time, request.GetCancellationToken()), router.Topology.WhenChanged);
        request.GetCancellationToken().ThrowIfCancellationRequested();
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;

        // By now this region may have caught up, and the activation be another.
        _again = 0;
        _wantsHome = isRead && caller.Session is { Options.MaxStaleness.Ticks: 0 };
    }

    /// <summary>The reply that stands for an attempt that no home took: a caller who is cut off is told at once.</summary>
    private GeoReply<T> Refused(RegionId home) => router.Authority.IsIsolated && router.Gates is not null
        ? new() { Kind = ReplyKind.Error, Error = Isolated(home) }
        : new() { Kind = ReplyKind.NotNow };

    /// <summary>Which regions this one does not reach, to be added to a problem.</summary>
    private string Unreached() => router.DownReasons is { } reasons ? $"; {reasons}" : "";

    /// <summary>What an answer says of why, without what it says of this one attempt: of all of them something else may be true.</summary>
    public static string CauseOf(GeoError error) => error.Message.Split(" Nothing happened", 2)[0].TrimEnd('.', ' ');

    private GeoError Isolated(RegionId home) => new(
        GeoErrorCode.RegionIsolated,
        $"{request.GetMethodName()} on {reference.GrainId} cannot be {(IsLocalRead ? $"answered in {router.Self}" : home == router.Self ? $"taken by its home {home}" : $"sent to its home {home} from {router.Self}")}, which cannot reach a majority of regions ({_lastProblem}). Nothing happened; try again, or through another region.",
        TimeSpan.FromSeconds(2));

    private GeoError DeadlineError()
    {
        var home = Home;
        return _mayHaveArrived
            ? new(
                GeoErrorCode.DeadlineExceeded,
                $"{request.GetMethodName()} on {reference.GrainId} was not confirmed by its home {home} within {caller.Deadline.TotalSeconds:0.###} s ({_lastProblem}). It may have happened: {(_session?.Options.RequestKey is null ? "look before you repeat it; with a RequestKey of its own a request can be repeated, and takes effect once" : "repeat it with the same RequestKey, and it takes effect once")}.")
            : new(
                GeoErrorCode.HomeUnavailable,
                $"{request.GetMethodName()} on {reference.GrainId} could not reach its home {home} within {caller.Deadline.TotalSeconds:0.###} s ({_lastProblem}). Nothing happened; try again.",
                TimeSpan.FromSeconds(1));
    }
}
