using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

internal sealed partial class GeoActivation
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a replica lets a session wait for what it has seen, before the caller asks the home.</summary>
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromMilliseconds(100);

    private bool IsCurrent => _live is { IsClosed: false } live && ReferenceEquals(live.Current, Record) && Owns && _peers?.IsCurrent != false;

    /// <summary>Of a multi-writer entity the own row is always fresh; what counts is how old the others are.</summary>
    private long FreshnessNow => _peers is not null ? _peers.Freshness : Owns ? _shard?.Freshness ?? -1 : FreshnessOfLeft;

    private int StalenessOf(long freshness) => _peers is not null ? _peers.StalenessOf(freshness) : Owns ? _shard?.StalenessOf(freshness) ?? -1 : StalenessOfLeft(freshness);

    /// <summary>The common case runs through without a state machine: nobody writes, the state is current, the method does not wait.</summary>
    private ValueTask<Response> ReadAsync<T>(GeoCall<T> call)
    {
        if ((call.Flags & GeoCallFlags.HomeOnly) != 0)
        {
            return ReadAtHomeAsync(call);
        }

        // First what is claimed of the data, then the data: it may get newer in between, never older.
        var freshness = FreshnessNow;
        if (Judge(call) != FloorVerdict.Satisfied || !IsCurrent || !_gate.TryEnterShared())
        {
            return CatchUpAndReadAsync(call);
        }

        ReadMark mark = new(Record.Version, freshness, SessionCalls.Nest(call.Session));
        var running = InvokeShared(call, mark);
        if (!running.IsCompletedSuccessfully)
        {
            return FinishReadAsync<T>(running, mark);
        }

        _gate.ExitShared();
        var reply = Reply<T>(running.Result, mark);
        return _shard is HomeShard home && IsPending(home, mark.Version.Position) ? ReplyWhenVisibleAsync(home, reply, mark.Version) : new(reply);
    }

    private static bool HasSeen(CallSession? session) => session is { FloorPosition: > 0 } or { Seen: not null };

    private FloorVerdict Judge(IGeoCall call)
    {
        var session = call.Session;
        if (session is null)
        {
            return FloorVerdict.Satisfied;
        }

        _lost = null;
        if (_residence is not null || call.Shard != _shardIndex)
        {
            return JudgeMoved(call, session);
        }

        var own = session is not { FloorPosition: > 0 } ? FloorVerdict.Satisfied : _shard?.Check(session.Floor) ?? FloorVerdict.NotYet;
        return own != FloorVerdict.Satisfied || _peers is null || session.Seen is not { } seen ? own : _peers.Check(SessionFloorsCodec.Decode(seen));
    }

    /// <summary>A strong read: waits until this is the home if it is to be, and asks for the lease again after the state was read.</summary>
    private async ValueTask<Response> ReadAtHomeAsync<T>(GeoCall<T> call)
    {
        if (_peers is { } peers && !await BecomesFreshAsync(peers, call.RemainingMs))
        {
            return Reply<T>(ReplyKind.NotNow);
        }

        GeoReply<T> reply;
        int binds;
        var since = _silo.Time.GetTimestamp();
        do
        {
            binds = _binds;
            reply = (GeoReply<T>)await RefreshAndReadAsync(call);
        }
        while ((reply.Kind == ReplyKind.NotHome && await BecomesHomeAsync(call, since)) || (binds != _binds && _silo.Time.GetElapsedTime(since) < LongestWait));

        // Whether a shard may still act is asked of the one that was read: while that went on, the entity may have been taken from another.
        return reply.Kind == ReplyKind.NotHome ? await PassOnAsync(call)
            : binds != _binds ? Reply<T>(ReplyKind.NotNow)
            : reply.Kind == ReplyKind.Moved ? await RedirectAsync(call, Redirect(reply))
            : reply.Kind is ReplyKind.Answer or ReplyKind.Thrown && _shard is HomeShard { MayAct: false } ? Reply<T>(ReplyKind.NotNow)
            : reply;
    }

    /// <summary>A strong read of a multi-writer entity: it waits until every region has said, after the read arrived, where its row stands, and all that is shown here.</summary>
    private async Task<bool> BecomesFreshAsync(PeerRows peers, int remainingMs)
    {
        var arrived = _silo.Clock.Now.Ticks;
        var since = _silo.Time.GetTimestamp();
        var bound = TimeSpan.FromMilliseconds(Math.Min(remainingMs, LongestWait.TotalMilliseconds));
        if (!peers.IsCurrent && !await EnterAndRefreshAsync())
        {
            return false;
        }

        peers.AskNow();
        while (peers.Freshness < arrived && _silo.Time.GetElapsedTime(since) < bound)
        {
            await Task.WhenAny(peers.WhenMovedAsync(), Task.Delay(LookAgain, _silo.Time));
        }

        return peers.Freshness >= arrived;
    }

    private async Task<bool> EnterAndRefreshAsync()
    {
        await _gate.EnterExclusiveAsync();
        try
        {
            return await RefreshAsync();
        }
        finally
        {
            _gate.ExitExclusive();
        }
    }

    /// <summary>A replica that is behind what the session saw is usually about to be told.</summary>
    private async ValueTask<Response> CatchUpAndReadAsync<T>(GeoCall<T> call)
    {
        var since = _silo.Time.GetTimestamp();
        for (; ; )
        {
            var moved = _peers?.WhenMovedAsync() ?? (_shard as ReplicaShard)?.WhenMovedAsync();
            var response = await RefreshAndReadAsync(call);
            var left = LongestCatchUp - _silo.Time.GetElapsedTime(since);
            if (response is not GeoReply<T> { Kind: ReplyKind.Behind } || left <= TimeSpan.Zero)
            {
                return response;
            }

            // A home that has just begun learns of a majority in a moment; it has nothing to wait for but that.
            await Task.WhenAny(moved ?? Task.Delay(ShortWait, _silo.Time), Task.Delay(left, _silo.Time));
        }
    }

    private async ValueTask<Response> RefreshAndReadAsync<T>(GeoCall<T> call)
    {
        // Refreshing changes the state object, so it needs the gate to itself; reading goes on beside other readers.
        await _gate.EnterExclusiveAsync();
        ReadMark mark;
        try
        {
            var (kind, freshness) = await PrepareReadAsync(call);
            if (kind != ReplyKind.Answer)
            {
                _gate.ExitExclusive();
                return kind == ReplyKind.Error ? WriteLost(call) : kind == ReplyKind.Moved && !MustSayMore(call) ? Moved<T>() : Reply<T>(kind);
            }

            _gate.Downgrade();
            mark = new(Record.Version, freshness, SessionCalls.Nest(call.Session));
        }
        catch
        {
            _gate.ExitExclusive();
            throw;
        }

        return await FinishReadAsync<T>(InvokeShared(call, mark), mark);
    }

    /// <summary>Begins the method beside other readers; what it calls belongs to its caller's session.</summary>
    private ValueTask<Response> InvokeShared<T>(GeoCall<T> call, in ReadMark mark)
    {
        var outer = CallFlow.Current;
        try
        {
            CallFlow.Current = new(mark.Nested, new Turn(this, TurnKind.Read, RequestId.None, default, 0));
            return call.Inner.Invoke();
        }
        catch
        {
            _gate.ExitShared();
            throw;
        }
        finally
        {
            CallFlow.Current = outer;
        }
    }

    /// <summary>Makes the state what this region shows, and says whether the call may read it.</summary>
    /// <returns><see cref="ReplyKind.Answer"/>: it may. <see cref="ReplyKind.Error"/>: what its session saw is lost.</returns>
    private async ValueTask<(ReplyKind Kind, long Freshness)> PrepareReadAsync<T>(GeoCall<T> call)
    {
        Shard? judged;
        StateRecord? place;
        int loads;
        long freshness;
        FloorVerdict verdict;
        do
        {
            // What is claimed of the shard is asked before the data is taken from it, and of the same one.
            judged = _shard;
            place = _residenceState;
            loads = _peers?.Loads ?? 0;
            freshness = FreshnessNow;
            verdict = judged is not null ? Judge(call) : FloorVerdict.Satisfied;
            if (!await HeedAsync(call) || !await RefreshAsync())
            {
                return (ReplyKind.NotNow, -1);
            }
        }
        while (!ReferenceEquals(judged, _shard) || !ReferenceEquals(place, _residenceState) || (_peers?.Loads ?? 0) != loads);

        var isHomeOnly = (call.Flags & GeoCallFlags.HomeOnly) != 0;
        return MustSayMore(call) ? (ReplyKind.Moved, -1)
            : isHomeOnly && (_shard is not HomeShard { IsOpen: true, IsHandingOver: false } || call.Generation > Known) ? (ReplyKind.NotHome, -1)
            : isHomeOnly && !Owns ? (ReplyKind.Moved, -1)
            : verdict == FloorVerdict.Lost ? (ReplyKind.Error, -1)
            : verdict == FloorVerdict.NotYet ? (isHomeOnly ? ReplyKind.NotNow : ReplyKind.Behind, -1)
            : (ReplyKind.Answer, freshness);
    }

    private async ValueTask<Response> FinishReadAsync<T>(ValueTask<Response> running, ReadMark mark)
    {
        Response response;
        try
        {
            response = await running;
        }
        finally
        {
            _gate.ExitShared();
        }

        var reply = Reply<T>(response, mark);
        return _shard is HomeShard home && IsPending(home, mark.Version.Position) ? await ReplyWhenVisibleAsync(home, reply, mark.Version) : reply;
    }

    /// <summary>The read saw a staged write: it waits with it, and fails with it.</summary>
    private async ValueTask<Response> ReplyWhenVisibleAsync<T>(HomeShard home, GeoReply<T> reply, RecordVersion version)
    {
        try
        {
            await WhenDurableAsync(home, version.Position);
        }
        catch (ShardClosedException)
        {
            return Reply<T>(ReplyKind.NotNow);
        }

        return reply;
    }
}
