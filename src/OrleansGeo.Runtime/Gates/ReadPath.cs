using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>A <c>[ReadOnly]</c> request, from the gate to its answer: beside other readers, on what this region shows.</summary>
internal sealed class ReadPath(GeoActivation activation, EntityView view, EntityClaims claims, ObjectSlot objects, OutputGate output, Replies replies, HomeWait homes, GeoActivations silo)
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a replica lets a session wait for what it has seen, before the caller asks the home.</summary>
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromMilliseconds(100);

    /// <summary>The common case runs through without a state machine: nobody writes, the state is current, the method does not wait.</summary>
    public ValueTask<Response> RunAsync<T>(GeoCall<T> call)
    {
        if ((call.Flags & GeoCallFlags.HomeOnly) != 0)
        {
            return RunAtHomeAsync(call);
        }

        // First what is claimed of the data, then the data: it may get newer in between, never older.
        var freshness = claims.FreshnessNow;
        if (objects.Current is not { } current || claims.Judge(call) != FloorVerdict.Satisfied || !objects.IsCurrent(current) || !current.Gate.TryEnterShared())
        {
            return CatchUpAndReadAsync(call);
        }

        current.Freshness = freshness;
        return FinishRead<T>(current, Invoke(call, current, freshness, out var mark), mark);
    }

    /// <summary>A strong read: waits until this is the home if it is to be, and asks for the lease again after the state was read.</summary>
    private async ValueTask<Response> RunAtHomeAsync<T>(GeoCall<T> call)
    {
        if (view.Peers is { } peers && !await BecomesFreshAsync(peers, call.RemainingMs))
        {
            return replies.Of<T>(activation.NotNow);
        }

        GeoReply<T> reply;
        int binds;
        var since = silo.Time.GetTimestamp();
        do
        {
            binds = view.Binds;
            reply = (GeoReply<T>)await RefreshAndReadAsync(call);
        }
        while ((reply.Kind == ReplyKind.NotHome && await homes.BecomesHomeAsync(call, since)) || (binds != view.Binds && silo.Time.GetElapsedTime(since) < HomeWait.Longest));

        // Whether a shard may still act is asked of the one that was read: while that went on, the entity may have been taken from another.
        return reply.Kind == ReplyKind.NotHome ? await homes.PassOnAsync(call)
            : binds != view.Binds ? replies.Of<T>(activation.NotNow)
            : reply.Kind == ReplyKind.Moved ? await homes.RedirectAsync(homes.Redirect(reply))
            : reply.Kind is ReplyKind.Answer or ReplyKind.Thrown && view.Home is { } home && !await MayAnswerAsync(home) ? replies.Of<T>(ReplyKind.NotNow)
            : reply;
    }

    /// <summary>Whether what was read from a home is all that anybody had acknowledged when the read came.</summary>
    /// <remarks>The lease last: it is what all else rests on.</remarks>
    private static async ValueTask<bool> MayAnswerAsync(HomeShard home) => home.MayAct && await home.IsNewestAsync() && home.MayAct;

    /// <summary>A strong read of a multi-writer entity: it waits until every region has said, after the read arrived, where its row stands, and all that is shown here.</summary>
    private async Task<bool> BecomesFreshAsync(PeerRows peers, int remainingMs)
    {
        var arrived = silo.Clock.Now.Ticks;
        var since = silo.Time.GetTimestamp();
        var bound = TimeSpan.FromMilliseconds(Math.Min(remainingMs, HomeWait.Longest.TotalMilliseconds));
        if (!peers.IsCurrent && !await view.RefreshAsync())
        {
            return false;
        }

        peers.AskNow();
        while (peers.Freshness < arrived && silo.Time.GetElapsedTime(since) < bound)
        {
            await Task.WhenAny(peers.WhenMovedAsync(), Task.Delay(HomeWait.LookAgain, silo.Time));
        }

        return peers.Freshness >= arrived;
    }

    /// <summary>A replica that is behind what the session saw is usually about to be told.</summary>
    private async ValueTask<Response> CatchUpAndReadAsync<T>(GeoCall<T> call)
    {
        if (!EntityClaims.HasSeen(call.Session) && objects.TryLag() is { } lagging && lagging.Gate.TryEnterShared())
        {
            // Its successor is being made: it serves meanwhile, and says how old it is.
            return await FinishRead<T>(lagging, Invoke(call, lagging, lagging.Freshness, out var mark), mark);
        }

        var since = silo.Time.GetTimestamp();
        for (; ; )
        {
            var moved = view.Peers?.WhenMovedAsync() ?? (view.Shard as ReplicaShard)?.WhenMovedAsync();
            var response = await RefreshAndReadAsync(call);
            var left = LongestCatchUp - silo.Time.GetElapsedTime(since);
            if (response is not GeoReply<T> { Kind: ReplyKind.Behind } || left <= TimeSpan.Zero || objects.Current is { NeedsHome: true })
            {
                return response;
            }

            // A home that has just begun learns of a majority in a moment; it has nothing to wait for but that.
            await Task.WhenAny(moved ?? Task.Delay(ShortWait, silo.Time), Task.Delay(left, silo.Time));
        }
    }

    private async ValueTask<Response> RefreshAndReadAsync<T>(GeoCall<T> call)
    {
        // Refreshing changes the object, so it needs the gate to itself; reading goes on beside other readers.
        if (await activation.EnterAsync(call) is not { } hold)
        {
            return replies.Of<T>(activation.NotNow);
        }

        long freshness;
        Response? refusal;
        try
        {
            (var kind, freshness) = await PrepareAsync(call, hold);
            refusal = kind == ReplyKind.Answer ? null
                : kind == ReplyKind.Error ? replies.WriteLost(call)
                : kind == ReplyKind.Moved && !claims.MustSayMore(call) ? replies.Moved<T>()
                : replies.Of<T>(kind);
        }
        catch
        {
            hold.Exit();
            throw;
        }

        if (refusal is not null)
        {
            hold.Exit();
            return refusal;
        }

        var current = hold.Object;
        current.Freshness = freshness;
        if (hold.IsBeside)
        {
            return await InvokeBesideAsync(call, hold, freshness);
        }

        current.Gate.Downgrade();
        return await FinishRead<T>(current, Invoke(call, current, freshness, out var mark), mark);
    }

    private async ValueTask<Response> InvokeBesideAsync<T>(GeoCall<T> call, GateHold hold, long freshness)
    {
        var flow = NestedFlow.Of(call.Session, TurnOf(call, hold.Object));
        var mark = new ReadMark(hold.Object.Record.Version, freshness, flow as NestedFlow);
        Response response;
        try
        {
            CallFlow.Current = flow;
            response = await hold.Object.InvokeAsync(call);
        }
        finally
        {
            CallFlow.Current = null;
            hold.Exit();
        }

        // What a request beside it has written is an entry before anybody is told of it.
        return output.Inside is { IsOpen: true, Changes.IsEmpty: false } inside && ReferenceEquals(inside.Owner, hold.Object) && !output.StagePart(inside, mustFinish: true)
            ? replies.Of<T>(ReplyKind.NotNow)
            : await ReplyAsync<T>(hold.Object, response, mark);
    }

    /// <summary>Makes the state what this region shows, and says whether the call may read it.</summary>
    /// <returns><see cref="ReplyKind.Answer"/>: it may. <see cref="ReplyKind.Error"/>: what its session saw is lost.</returns>
    private async ValueTask<(ReplyKind Kind, long Freshness)> PrepareAsync<T>(GeoCall<T> call, GateHold hold)
    {
        Shard? judged;
        StateRecord? place;
        int loads;
        long freshness;
        FloorVerdict verdict;
        do
        {
            // What is claimed of the shard is asked before the data is taken from it, and of the same one.
            judged = view.Shard;
            place = view.ResidenceState;
            loads = view.Peers?.Loads ?? 0;
            freshness = claims.FreshnessNow;
            verdict = judged is not null ? claims.Judge(call) : FloorVerdict.Satisfied;
            if (!await view.HeedAsync(call) || !await objects.RefreshAsync(hold))
            {
                return (activation.NotNow, -1);
            }
        }
        while (!ReferenceEquals(judged, view.Shard) || !ReferenceEquals(place, view.ResidenceState) || (view.Peers?.Loads ?? 0) != loads);

        var isHomeOnly = (call.Flags & GeoCallFlags.HomeOnly) != 0;
        return claims.MustSayMore(call) ? (ReplyKind.Moved, -1)
            : isHomeOnly && (view.Home is not { IsOpen: true, IsHandingOver: false } || call.Generation > view.Known) ? (ReplyKind.NotHome, -1)
            : isHomeOnly && !view.Owns ? (ReplyKind.Moved, -1)
            : verdict == FloorVerdict.Lost ? (ReplyKind.Error, -1)
            : verdict == FloorVerdict.NotYet ? (isHomeOnly ? ReplyKind.NotNow : ReplyKind.Behind, -1)
            : hold.Object.NeedsHome ? (isHomeOnly ? ReplyKind.NotNow : ReplyKind.Behind, -1)
            : (ReplyKind.Answer, freshness);
    }

    /// <summary>Begins the method beside other readers; what it calls belongs to its caller's session.</summary>
    private static ValueTask<Response> Invoke<T>(GeoCall<T> call, UserObject on, long freshness, out ReadMark mark)
    {
        if (call.Session is null && call.Lineage is null && on.Shard is ReplicaShard)
        {
            // Nothing is pending here, nothing can be written, and nobody's session is spoken of: the method's code needs to know of no turn.
            mark = new(on.Record.Version, freshness, null);
            return InvokeShared(call, on);
        }

        var flow = NestedFlow.Of(call.Session, TurnOf(call, on));
        mark = new(on.Record.Version, freshness, flow as NestedFlow);
        var outer = CallFlow.Current;
        try
        {
            CallFlow.Current = flow;
            return InvokeShared(call, on);
        }
        finally
        {
            CallFlow.Current = outer;
        }
    }

    /// <summary>One turn is enough for all reads, but for those that others wait for: what they call in turn has to know.</summary>
    private static Turn TurnOf<T>(GeoCall<T> call, UserObject on) =>
        call.Lineage is null ? on.Reader : new Turn(on, TurnKind.Read, RequestId.None, default, 0) { Id = on.Reader.Id, Lineage = call.Lineage };

    private static ValueTask<Response> InvokeShared<T>(GeoCall<T> call, UserObject on)
    {
        try
        {
            return on.InvokeAsync(call);
        }
        catch
        {
            on.Gate.ExitShared();
            throw;
        }
    }

    private ValueTask<Response> FinishRead<T>(UserObject on, ValueTask<Response> running, in ReadMark mark)
    {
        if (!running.IsCompletedSuccessfully)
        {
            return FinishReadAsync<T>(on, running, mark);
        }

        on.Gate.ExitShared();
        return ReplyAsync<T>(on, running.Result, mark);
    }

    private async ValueTask<Response> FinishReadAsync<T>(UserObject on, ValueTask<Response> running, ReadMark mark)
    {
        Response response;
        try
        {
            response = await running;
        }
        finally
        {
            on.Gate.ExitShared();
        }

        return await ReplyAsync<T>(on, response, mark);
    }

    private ValueTask<Response> ReplyAsync<T>(UserObject on, Response response, in ReadMark mark)
    {
        // While it ran beside others it may have seen what they wrote meanwhile: it waits for that, too, and the caller's session has seen it.
        var end = on.Record.Version > mark.Version ? on.Record.Version : mark.Version;
        if (end != mark.Version)
        {
            mark.Flow?.Session!.Saw(new SessionFloor(view.ShardIndex, end), isChecked: true);
        }

        var reply = replies.Of<T>(response, mark, mustTell: end != mark.Version);
        return on.Shard is HomeShard home && output.IsPending(home, end.Position) ? ReplyWhenVisibleAsync(home, reply, end) : new(reply);
    }

    /// <summary>The read saw a staged write: it waits with it, and fails with it.</summary>
    private async ValueTask<Response> ReplyWhenVisibleAsync<T>(HomeShard home, GeoReply<T> reply, RecordVersion version)
    {
        try
        {
            await output.WhenDurableAsync(home, version.Position);
        }
        catch (ShardClosedException)
        {
            return replies.Of<T>(ReplyKind.NotNow);
        }

        return reply;
    }
}
