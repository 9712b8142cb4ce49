using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

internal sealed partial class GeoActivation
{
    private async ValueTask<Response> WriteAsync<T>(GeoCall<T> call)
    {
        Outcome<T> outcome;
        var since = _silo.Time.GetTimestamp();
        do
        {
            await _gate.EnterExclusiveAsync();
            var phase = EnterTurn();
            try
            {
                outcome = await RunAsync(call);
            }
            finally
            {
                Turn = null;
                LeaveTurn(phase);
                _gate.ExitExclusive();
            }
        }
        while (outcome.Reply.Kind == ReplyKind.NotHome && await BecomesHomeAsync(call, since));

        if (outcome.Reply.Kind == ReplyKind.NotHome)
        {
            return await PassOnAsync(call);
        }

        if (outcome.Reply.Kind == ReplyKind.Moved)
        {
            return await RedirectAsync(call, outcome);
        }

        // The gate is open again: the next request may already run on what this one staged. Nothing leaves before it is durable.
        if (outcome.Home is { } home && IsPending(home, outcome.Position))
        {
            try
            {
                await WhenDurableAsync(home, outcome.Position);
            }
            catch (ShardClosedException)
            {
                return Reply<T>(outcome.IsStaged ? ReplyKind.Unknown : ReplyKind.NotNow);
            }
        }

        else if (outcome is { Home.MayAct: false, IsStaged: false })
        {
            // It wrote nothing, so nothing asked for the lease yet. Somebody else may be home, and have acknowledged what this did not see.
            return Reply<T>(ReplyKind.NotNow);
        }

        return outcome.Reply;
    }

    private async ValueTask<Outcome<T>> RunAsync<T>(GeoCall<T> call)
    {
        // What the session saw is judged before the data is taken, as in reads; of what is loaded first now, in the next attempt.
        var (judged, place, loads, verdict) = (_shard, _residenceState, _loads, Judge(call));
        if (!await HeedAsync(call) || !await RefreshAsync())
        {
            return new(Reply<T>(ReplyKind.NotNow));
        }

        if (MustSayMore(call))
        {
            return Redirect(Reply<T>(ReplyKind.Moved));
        }

        if (_shard is not HomeShard { IsHandingOver: false } home || call.Generation > Known)
        {
            return new(Reply<T>(ReplyKind.NotHome));
        }

        if (!Owns)
        {
            return Redirect(Moved<T>());
        }

        if (home.Refusal is { } refusal)
        {
            return new(Failed<T>(ReplyKind.NotNow, refusal));
        }

        if (home.TryFindAnswer(_entity, call.Request, out var recorded))
        {
            return recorded.Matches(call.Fingerprint)
                ? new(SessionCalls.Add(Answers.Decode<T>(_silo.Serializer, recorded.Answer, Reply<T>(ReplyKind.Answer, SinceArrival(recorded.EntityVersion))), call.Session is null ? null : Via), home, LogPosition.Max(recorded.Position, SinceArrival(recorded.EntityVersion).Position), true)
                : new(Failed<T>(ReplyKind.Error, Mismatch(call)));
        }

        var isJudged = ReferenceEquals(judged, _shard) && ReferenceEquals(place, _residenceState) && loads == _loads;
        if (verdict == FloorVerdict.Lost && isJudged)
        {
            return new(WriteLost(call));
        }

        if (HasSeen(call.Session) && (verdict != FloorVerdict.Satisfied || !isJudged))
        {
            return new(Reply<T>(ReplyKind.NotNow));
        }

        if (call.Inner.GetInterfaceType() == typeof(IRemindable) && await JudgeTickAsync(call.Inner, call.Request, home) is { } kind)
        {
            return new(Reply<T>(kind));
        }

        var turn = new Turn(this, TurnKind.Write, call.Request, _silo.Time.GetUtcNow(), _silo.Clock.Now.Ticks + (call.RemainingMs * TimeSpan.TicksPerMillisecond));
        Turn = turn;
        var nested = SessionCalls.Nest(call.Session);
        CallFlow.Current = new(nested, turn);
        var response = await call.Inner.Invoke();
        CallFlow.Current = null;
        turn.End();
        Turn = null;
        if (turn.Failure is { } failure)
        {
            return Fail<T>(turn, failure);
        }

        try
        {
            return Settle(call, turn, home, response, nested);
        }
        catch (Exception exception)
        {
            // The answer could not be written down, so nothing was staged: what the method did to the state object must not stay.
            return Fail<T>(turn, Unencodable(call, exception));
        }
    }

    /// <summary>The method ended: its writes and its answer become one entry.</summary>
    private Outcome<T> Settle<T>(GeoCall<T> call, Turn turn, HomeShard home, Response response, GeoSession? nested)
    {
        var reply = Reply<T>(response, new ReadMark(Record.Version, 0, nested));
        var isNoted = turn.HasStaged || call.Fingerprint != 0 || (call.Flags & GeoCallFlags.Retry) != 0;
        if (turn.Changes.IsEmpty && !isNoted)
        {
            return new(reply, home, Record.Version.Position, false);
        }

        var answer = Answers.Encode(_silo.Serializer, reply);
        if (answer.Length > _silo.Limits.ResponseBytes)
        {
            return Fail<T>(turn, AnswerTooLarge(call, answer.Length));
        }

        var staged = Stage(turn, turn.Request, call.Fingerprint, answer);
        if (staged.Verdict != StageVerdict.Staged)
        {
            return Fail<T>(turn, staged.Verdict);
        }

        NoteWriter(call.Origin);
        reply.VersionEpoch = staged.Version.Epoch;
        reply.VersionPosition = staged.Version.Position.Value;
        return new(reply, home, staged.Position, true);
    }

    private Outcome<T> Fail<T>(Turn turn, StageVerdict verdict) =>
        Fail<T>(turn, Refused(verdict), verdict is StageVerdict.TooManyStaged or StageVerdict.TooManyRequests ? ReplyKind.Error : ReplyKind.NotNow);

    /// <summary>The method changed the state object for nothing; unless a part of it is an entry already, nothing happened.</summary>
    private Outcome<T> Fail<T>(Turn turn, GeoError error, ReplyKind kind = ReplyKind.Error)
    {
        Load(_live?.Current ?? Record);
        return new(Failed<T>(turn.HasStaged ? ReplyKind.Unknown : kind, error));
    }

    private GeoReply<T> Reply<T>(Response response, in ReadMark mark)
    {
        var reply = Reply<T>(response.Exception is null ? ReplyKind.Answer : ReplyKind.Thrown, mark.Version, mark.Freshness);
        reply.Seen = SessionCalls.Collect(mark.Nested, _peers?.Seen ?? Via);
        if (response.Exception is { } thrown)
        {
            reply.Thrown = thrown;
            return reply;
        }

        if (typeof(T) != typeof(NoResult))
        {
            reply.Value = Isolation<T>.Copy(_silo.Copier, response is Response<T> typed ? typed.TypedResult : response.GetResult<T>());
        }

        response.Dispose();
        return reply;
    }

    private GeoReply<T> Failed<T>(ReplyKind kind, GeoError error)
    {
        var reply = Reply<T>(kind);
        reply.Error = error;
        return reply;
    }

    /// <summary>What the session saw is in no log any more, only in the ledger. The version says from where it goes on.</summary>
    private GeoReply<T> WriteLost<T>(GeoCall<T> call)
    {
        if (Judge(call) != FloorVerdict.Lost)
        {
            return Reply<T>(ReplyKind.NotNow);
        }

        var reply = Reply<T>(ReplyKind.Error, _shard!.ShownVersion);
        if (_lost is { } lost)
        {
            // Only what was lost is repaired: what the session saw of other shards still counts.
            (reply.Shard, reply.VersionEpoch, reply.VersionPosition) = (lost.Shard, lost.Version.Epoch, lost.Version.Position.Value);
        }

        reply.Seen = _peers is null ? null : SessionFloorsCodec.Encode(SessionFloors.Of(_peers.Shown));
        reply.Error = new(
            GeoErrorCode.WriteLost,
            $"This session had seen version {call.Session!.Floor} of {_entity} or of its shard {_shard.Id}, which a forced promotion left behind: it is, or will be, in the ledger (GET /v1/geo/lost-writes). Nothing happened; the session goes on from what survived, so read again before you write.");
        return reply;
    }

    private GeoReply<T> Reply<T>(ReplyKind kind, RecordVersion version = default, long freshness = -1)
    {
        var home = _shard is HomeShard acting ? acting.Home : _silo.Topology.Value.HomeOf(_shardIndex);
        return new()
        {
            Kind = kind,
            ServedBy = _silo.Self,
            Home = (byte)_silo.Topology.Value.Regions.IndexOf(home.Region),
            Epoch = home.Epoch,
            VersionEpoch = version.Epoch,
            VersionPosition = version.Position.Value,
            StalenessMs = StalenessOf(freshness),
            Shard = _shardIndex,
            Generation = Generation,
        };
    }

    private GeoError Mismatch<T>(GeoCall<T> call) => new(
        GeoErrorCode.IdempotencyMismatch,
        $"The request key was used before for another request to {_entity} than this {call.GetMethodName()}. Nothing happened; use a new key for a new request.");

    private GeoError Unencodable<T>(GeoCall<T> call, Exception exception) => new(
        GeoErrorCode.InvalidConfiguration,
        $"What {call.GetMethodName()} on {_entity} answered or threw cannot be serialized ({exception.Message}): give the type [GenerateSerializer]. Nothing was written.");

    private GeoError AnswerTooLarge<T>(GeoCall<T> call, int bytes) => new(
        GeoErrorCode.TooLarge,
        $"The answer of {call.GetMethodName()} on {_entity} has {bytes} bytes; the limit for writing methods is {_silo.Limits.ResponseBytes} ({nameof(Hosting.GeoLimits.ResponseBytes)}). Nothing was written.");

    /// <param name="Reply">What to answer once <paramref name="Position"/> is acknowledged.</param>
    /// <param name="Home">The shard that acknowledges; null: answer at once.</param>
    /// <param name="Position">What the answer depends on.</param>
    /// <param name="IsStaged">Whether the request itself has an entry, so that its outcome is open until then.</param>
    private readonly record struct Outcome<T>(GeoReply<T> Reply, HomeShard? Home = null, LogPosition Position = default, bool IsStaged = false);
}
