using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

internal sealed partial class GeoActivation
{
    /// <summary>How long a replica lets a session wait for what it has seen, before the caller asks the home.</summary>
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromMilliseconds(100);

    private bool IsCurrent => _live is { IsClosed: false } live && ReferenceEquals(live.Current, Record);

    /// <summary>The common case runs through without a state machine: nobody writes, the state is current, the method does not wait.</summary>
    private ValueTask<Response> ReadAsync<T>(GeoCall<T> call)
    {
        if ((call.Flags & GeoCallFlags.HomeOnly) != 0)
        {
            return ReadAtHomeAsync(call);
        }

        // First what is claimed of the data, then the data: it may get newer in between, never older.
        var freshness = _shard?.Freshness ?? -1;
        if (!Satisfies(call.Session) || !IsCurrent || !_gate.TryEnterShared())
        {
            return CatchUpAndReadAsync(call);
        }

        ReadMark mark = new(Record.Version, freshness, SessionCalls.Enter(call.Session));
        ValueTask<Response> running;
        try
        {
            running = call.Inner.Invoke();
        }
        catch
        {
            _gate.ExitShared();
            throw;
        }
        finally
        {
            mark.Nested?.Dispose();
        }

        if (!running.IsCompletedSuccessfully)
        {
            return FinishReadAsync<T>(running, mark);
        }

        _gate.ExitShared();
        var reply = Reply<T>(running.Result, mark);
        return _shard is HomeShard home && home.IsPending(mark.Version.Position) ? ReplyWhenVisibleAsync(home, reply, mark.Version) : new(reply);
    }

    private bool Satisfies(CallSession? session) =>
        session is not { FloorPosition: > 0 } || _shard?.Check(session.Floor) == FloorVerdict.Satisfied;

    /// <summary>A strong read: waits until this is the home if it is to be, and asks for the lease again after the state was read.</summary>
    private async ValueTask<Response> ReadAtHomeAsync<T>(GeoCall<T> call)
    {
        GeoReply<T> reply;
        do
        {
            reply = (GeoReply<T>)await RefreshAndReadAsync(call);
        }
        while (reply.Kind == ReplyKind.NotHome && await BecomesHomeAsync(call));

        return reply.Kind == ReplyKind.NotHome ? await PassOnAsync(call)
            : reply.Kind is ReplyKind.Answer or ReplyKind.Thrown && _shard is HomeShard { MayAct: false } ? Reply<T>(ReplyKind.NotNow)
            : reply;
    }

    /// <summary>A replica that is behind what the session saw is usually about to be told.</summary>
    private async ValueTask<Response> CatchUpAndReadAsync<T>(GeoCall<T> call)
    {
        var since = _silo.Time.GetTimestamp();
        for (; ; )
        {
            var moved = (_shard as ReplicaShard)?.WhenMovedAsync();
            var response = await RefreshAndReadAsync(call);
            var left = LongestCatchUp - _silo.Time.GetElapsedTime(since);
            if (response is not GeoReply<T> { Kind: ReplyKind.Behind } || left <= TimeSpan.Zero)
            {
                return response;
            }

            if (moved is not null)
            {
                await Task.WhenAny(moved, Task.Delay(left, _silo.Time));
            }
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
                return kind == ReplyKind.Error ? WriteLost(call) : Reply<T>(kind);
            }

            _gate.Downgrade();
            mark = new(Record.Version, freshness, SessionCalls.Enter(call.Session));
        }
        catch
        {
            _gate.ExitExclusive();
            throw;
        }

        ValueTask<Response> running;
        try
        {
            running = call.Inner.Invoke();
        }
        catch
        {
            _gate.ExitShared();
            throw;
        }
        finally
        {
            mark.Nested?.Dispose();
        }

        return await FinishReadAsync<T>(running, mark);
    }

    /// <summary>Makes the state what this region shows, and says whether the call may read it.</summary>
    /// <returns><see cref="ReplyKind.Answer"/>: it may. <see cref="ReplyKind.Error"/>: what its session saw is lost.</returns>
    private async ValueTask<(ReplyKind Kind, long Freshness)> PrepareReadAsync<T>(GeoCall<T> call)
    {
        Shard? judged;
        long freshness;
        FloorVerdict verdict;
        do
        {
            // What is claimed of the shard is asked before the data is taken from it, and of the same one.
            judged = _shard;
            freshness = judged?.Freshness ?? -1;
            verdict = judged is not null && call.Session is { FloorPosition: > 0 } session ? judged.Check(session.Floor) : FloorVerdict.Satisfied;
            if (!await RefreshAsync())
            {
                return (ReplyKind.NotNow, -1);
            }
        }
        while (!ReferenceEquals(judged, _shard));

        var isHomeOnly = (call.Flags & GeoCallFlags.HomeOnly) != 0;
        return isHomeOnly && _shard is not HomeShard { IsOpen: true, IsHandingOver: false } ? (ReplyKind.NotHome, -1)
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
        return _shard is HomeShard home && home.IsPending(mark.Version.Position) ? await ReplyWhenVisibleAsync(home, reply, mark.Version) : reply;
    }

    /// <summary>The read saw a staged write: it waits with it, and fails with it.</summary>
    private async ValueTask<Response> ReplyWhenVisibleAsync<T>(HomeShard home, GeoReply<T> reply, RecordVersion version)
    {
        try
        {
            await home.WhenAcknowledgedAsync(version.Position);
        }
        catch (ShardClosedException)
        {
            return Reply<T>(ReplyKind.NotNow);
        }

        return reply;
    }
}
