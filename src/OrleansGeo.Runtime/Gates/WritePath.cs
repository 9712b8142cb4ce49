using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>A request that may write, from the gate to its answer: the author's method runs alone, what it wrote and answered becomes one entry, and the gate opens before that is durable.</summary>
internal sealed class WritePath(GeoActivation activation, GrainClassTraits traits, EntityView view, EntityClaims claims, ObjectSlot objects, OutputGate output, Replies replies, HomeWait homes, GeoActivations silo)
{
    public ValueTask<Response> RunAsync<T>(GeoCall<T> call) =>
        (call.Flags & GeoCallFlags.OneWay) == 0 ? RunAsync(call, silo.Time.GetTimestamp()) : RunOneWayAsync(call, silo.Time.GetTimestamp());

    private async ValueTask<Response> RunOneWayAsync<T>(GeoCall<T> call, long since)
    {
        // Its method may change the arguments, and be stopped.
        var pristine = silo.Copier.Copy(call.Inner);
        var reply = (GeoReply<T>)await RunAsync(call, since);
        if (reply.Kind is not (ReplyKind.Answer or ReplyKind.Thrown or ReplyKind.Error))
        {
            silo.OneWay.Repeat(activation.GrainId, call, pristine, since, reply);
        }

        return reply;
    }

    private async ValueTask<Response> RunAsync<T>(GeoCall<T> call, long since)
    {
        Outcome<T> outcome;
        do
        {
            if (await activation.EnterAsync(call) is not { } hold)
            {
                return replies.Of<T>(activation.NotNow);
            }

            var phase = activation.EnterRows();
            try
            {
                outcome = await RunInsideAsync(call, hold);
            }
            finally
            {
                activation.LeaveRows(phase);
                hold.Exit();
            }
        }
        while (outcome.Reply.Kind == ReplyKind.NotHome && await homes.BecomesHomeAsync(call, since));

        return outcome.Reply.Kind switch
        {
            ReplyKind.NotHome => await homes.PassOnAsync(call),
            ReplyKind.Moved => await homes.RedirectAsync(outcome),
            _ => await ReplyWhenDurableAsync(outcome),
        };
    }

    /// <summary>The gate is open again: the next request may already run on what this one staged. Nothing leaves before it is durable.</summary>
    private async ValueTask<Response> ReplyWhenDurableAsync<T>(Outcome<T> outcome)
    {
        if (outcome.Home is { } home && output.IsPending(home, outcome.Position))
        {
            try
            {
                await output.WhenDurableAsync(home, outcome.Position);
            }
            catch (ShardClosedException)
            {
                return replies.Of<T>(outcome.IfLost);
            }
        }
        else if (outcome is { Home.MayAct: false, IsStaged: false })
        {
            // It wrote nothing, so nothing asked for the lease yet. Somebody else may be home, and have acknowledged what this did not see.
            return replies.Of<T>(outcome.IfLost);
        }

        return outcome.Reply;
    }

    private async ValueTask<Outcome<T>> RunInsideAsync<T>(GeoCall<T> call, GateHold hold)
    {
        // What the session saw is judged before the data is taken, as in reads; of what is loaded first now, in the next attempt.
        var (judged, place, loads, verdict) = (view.Shard, view.ResidenceState, hold.Object.Loads, claims.Judge(call));
        if (!await view.HeedAsync(call) || !await objects.RefreshAsync(hold))
        {
            return new(replies.Of<T>(activation.NotNow));
        }

        if (claims.MustSayMore(call))
        {
            return homes.Redirect(replies.Of<T>(ReplyKind.Moved));
        }

        if (view.Home is not { IsHandingOver: false } home || call.Generation > view.Known)
        {
            return new(replies.Of<T>(ReplyKind.NotHome));
        }

        if (!view.Owns)
        {
            return homes.Redirect(replies.Moved<T>());
        }

        if (home.Refusal is { } refusal)
        {
            return new(replies.Failed<T>(ReplyKind.NotNow, refusal));
        }

        if (hold.Object.IsEnding)
        {
            // It writes what it has in memory, and what came beside that would not be written.
            return new(replies.Of<T>(ReplyKind.NotNow));
        }

        if (home.TryFindAnswer(view.Entity, call.Request, out var recorded))
        {
            return recorded.Matches(call.Fingerprint)
                ? Repeat(call, home, recorded)
                : new(replies.Failed<T>(ReplyKind.Error, Mismatch(call)));
        }

        var isJudged = ReferenceEquals(judged, view.Shard) && ReferenceEquals(place, view.ResidenceState) && loads == hold.Object.Loads;
        if (verdict == FloorVerdict.Lost && isJudged)
        {
            return new(replies.WriteLost(call));
        }

        if (EntityClaims.HasSeen(call.Session) && (verdict != FloorVerdict.Satisfied || !isJudged))
        {
            return new(replies.Of<T>(ReplyKind.NotNow));
        }

        if (call.Inner.GetInterfaceType() == typeof(IRemindable) && await activation.Reminders.JudgeTickAsync(call.Inner, call.Request, home) is { } kind)
        {
            return new(replies.Of<T>(kind));
        }

        return await InvokeAsync(call, hold, home);
    }

    /// <summary>
    /// The request ran before. Its caller's session sees the entity as it is in this shard, from its arrival on; but the version that the answer names is the one that
    /// the request itself left, whatever came since: a condition on that must not hold of what the caller never saw.
    /// </summary>
    private Outcome<T> Repeat<T>(GeoCall<T> call, HomeShard home, in RecordedAnswer recorded)
    {
        var seen = claims.SinceArrival(recorded.EntityVersion);
        AnswerStamp.TryTake(recorded.Answer, out var answer, out _);
        var reply = SessionCalls.Add(
            Answers.Decode<T>(silo.Serializer, answer, replies.Of<T>(ReplyKind.Answer, seen)), call.Session is null ? null : view.Via);
        if (view.Residence is not null && recorded.LeftOf(view.Record) is var (version, moves))
        {
            reply.Left = new(version.Epoch, version.Position.Value, moves);
        }

        return new(reply, home, LogPosition.Max(recorded.Position, seen.Position), true);
    }

    private async ValueTask<Outcome<T>> InvokeAsync<T>(GeoCall<T> call, GateHold hold, HomeShard home)
    {
        var owner = hold.Object;
        var turn = new Turn(owner, TurnKind.Write, call.Request, new(call.Made, TimeSpan.Zero), silo.Clock.Now.Ticks + (call.RemainingMs * TimeSpan.TicksPerMillisecond))
        {
            Call = call.Inner,
            Lineage = call.Lineage,
        };
        if (traits.ActsFromTheStart && !turn.TryAct())
        {
            return new(replies.Of<T>(ReplyKind.NotNow));
        }

        // Others wait for it, so it comes in though the shard leaves, perhaps after the object has ended for that.
        var endsAgain = traits.LeavesInOrder && home.Departures.IsLeaving(view.Entity);
        var flow = NestedFlow.Of(call.Session, turn);
        Response response;
        Outcome<T> outcome;
        try
        {
            response = await RunAsync(call, hold, turn, flow);
            outcome = turn.Failure is { } failure ? Fail<T>(turn, failure) : Settle(call, turn, home, response, flow as NestedFlow);
            if (response.Exception is not null && !owner.MustReload)
            {
                // What the method changed and did not write is no state: the next request must not write or show it.
                if (owner.Gate.IsAlone(hold.IsBeside))
                {
                    owner.Discard();
                }
                else if (!traits.AllowsInterleavedWrites)
                {
                    owner.MustReload = true;
                }
            }
        }
        finally
        {
            if (endsAgain)
            {
                _ = EndAgainAsync(turn, home);
            }
            else
            {
                turn.Settled();
            }
        }

        return outcome;
    }

    /// <summary>What the turn left in memory is written before the shard leaves: the object ends once the gate is free, and the turn is inside until then. Its caller does not wait for that.</summary>
    private async Task EndAgainAsync(Turn turn, HomeShard home)
    {
        try
        {
            await objects.LeaveAsync(home.Closing);
        }
        finally
        {
            turn.Settled();
        }
    }

    /// <summary>Runs the author's method as the turn.</summary>
    private async ValueTask<Response> RunAsync(IGeoCall call, GateHold hold, Turn turn, CallFlow flow)
    {
        output.Inside = hold.IsBeside ? output.Inside ?? turn : turn;
        try
        {
            CallFlow.Current = flow;
            return await turn.Owner.InvokeAsync(call);
        }
        finally
        {
            CallFlow.Current = null;
            turn.End();
            output.Inside = ReferenceEquals(output.Inside, turn) ? null : output.Inside;
        }
    }

    /// <summary>The method ended: its writes and its answer become one entry.</summary>
    private Outcome<T> Settle<T>(GeoCall<T> call, Turn turn, HomeShard home, Response response, NestedFlow? flow)
    {
        GeoReply<T> reply;
        ReadOnlyMemory<byte> answer;
        try
        {
            reply = replies.Of<T>(response, new ReadMark(turn.Owner.Record.Version, 0, flow));
            var isNoted = turn.HasStaged || call.Fingerprint != 0 || (call.Flags & GeoCallFlags.Retry) != 0;
            var isAnswer = response.Exception is not { } thrown || !OwnFailures.IsOurs(thrown, call.Inner);
            if (response.Exception is { } error && (turn.HasEffects || !turn.Changes.IsEmpty || (call.Flags & GeoCallFlags.Retry) != 0))
            {
                reply.Thrown = Partly(call, error, isAnswer);
            }

            if (turn.Changes.IsEmpty && (!isNoted || !isAnswer))
            {
                return new(reply, home, turn.Owner.Record.Version.Position, turn.HasStaged, turn.HasCalled);
            }

            if (!isAnswer)
            {
                // A time-out of a call that it made is no answer for ever: what it wrote stays, as in Orleans, and a repeat runs again.
                return Commit(call, turn, home, reply, RequestId.None, default);
            }

            answer = Answers.Encode(silo.Serializer, reply);
        }
        catch (Exception exception)
        {
            return WithoutAnswer(call, turn, home, Unencodable(call, turn, exception), flow);
        }

        return answer.Length > silo.Limits.ResponseBytes
            ? WithoutAnswer(call, turn, home, AnswerTooLarge(call, turn, answer.Length), flow)
            : Commit(call, turn, home, reply, turn.Request, answer);
    }

    private Outcome<T> Commit<T>(GeoCall<T> call, Turn turn, HomeShard home, GeoReply<T> reply, RequestId request, ReadOnlyMemory<byte> answer)
    {
        if (view.Generation > 0 && !request.IsNone)
        {
            answer = AnswerStamp.Put(answer, new(null, view.Generation));
        }

        var staged = output.Stage(turn, request, request.IsNone ? 0 : call.Fingerprint, answer);
        if (staged.Verdict != StageVerdict.Staged)
        {
            return Fail<T>(turn, staged.Verdict);
        }

        activation.NoteWriter(call.Origin);
        reply.VersionEpoch = staged.Version.Epoch;
        reply.VersionPosition = staged.Version.Position.Value;
        return new(reply, home, staged.Position, true);
    }

    /// <summary>
    /// What the method answered can never be written down. If it has had no effect yet, nothing happened. Otherwise that it happened is the answer, now and whenever
    /// the request is repeated: running it again would do it twice, and fail in the same way.
    /// </summary>
    private Outcome<T> WithoutAnswer<T>(GeoCall<T> call, Turn turn, HomeShard home, GeoError error, NestedFlow? flow)
    {
        if (!turn.HasEffects)
        {
            turn.Owner.IsUntrue = true;
            return new(replies.Failed<T>(ReplyKind.Error, error));
        }

        var reply = replies.Of<T>(Response.FromException(error.ToException()), new ReadMark(turn.Owner.Record.Version, 0, flow));
        return Commit(call, turn, home, reply, turn.Request, Answers.Encode(silo.Serializer, reply));
    }

    /// <summary>The method changed the object for nothing; unless it has had an effect already, nothing happened.</summary>
    private Outcome<T> Fail<T>(Turn turn, StageVerdict verdict)
    {
        turn.Owner.IsUntrue = true;
        var kind = turn.HasEffects ? ReplyKind.Unknown : verdict is StageVerdict.TooManyStaged or StageVerdict.TooManyRequests ? ReplyKind.Error : ReplyKind.NotNow;
        return new(replies.Failed<T>(kind, output.Refused(verdict)));
    }

    /// <summary>
    /// The method let an error pass that says that nothing happened, which is true of one step, and not of the request: it had written or called, or may have when it ran before.
    /// </summary>
    private Exception Partly<T>(GeoCall<T> call, Exception exception, bool isAnswer) => OwnFailures.FindNothing(exception) is not { } inner ? exception : new GeoException(
        new(
            GeoErrorCode.DeadlineExceeded,
            $"{call.GetMethodName()} on {view.Entity} failed with an error that is true of one of its steps: of the others some happened, or may have. What it wrote is stored. {(isAnswer ? "This is its answer, also whenever it is repeated with the same request id" : "Repeat it with the same request id, and it runs again; the calls that succeeded are not made twice")}. The failed step said: {inner.Message}",
            inner.Error.RetryAfter),
        exception);

    private GeoError Mismatch<T>(GeoCall<T> call) => new(
        GeoErrorCode.IdempotencyMismatch,
        $"The request key was used before for another request to {view.Entity} than this {call.GetMethodName()}. Nothing happened; use a new key for a new request.");

    private GeoError Unencodable<T>(GeoCall<T> call, Turn turn, Exception exception) => new(
        GeoErrorCode.InvalidConfiguration,
        $"What {call.GetMethodName()} on {view.Entity} answered or threw cannot be serialized ({exception.Message}): give the type [GenerateSerializer]. {WhatHappened(turn)}");

    private GeoError AnswerTooLarge<T>(GeoCall<T> call, Turn turn, int bytes) => new(
        GeoErrorCode.TooLarge,
        $"The answer of {call.GetMethodName()} on {view.Entity} has {bytes} bytes; the limit for writing methods is {silo.Limits.ResponseBytes} ({nameof(GeoLimits.ResponseBytes)}). {WhatHappened(turn)}");

    private static string WhatHappened(Turn turn) => turn.HasEffects ? "The request happened, and its writes are stored; only its answer is not." : "Nothing was written.";
}
