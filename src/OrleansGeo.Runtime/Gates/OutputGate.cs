using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Gates;

/// <summary>What the author's object writes, and what must wait for it: nothing leaves an activation before the log position that it depends on is durable as the grain type demands.</summary>
/// <remarks>
/// A write inside an open turn is noted, and becomes an entry with the rest of its request. Every other write (a tick, an activation, code that goes on after its
/// request) is an entry of its own at once, and its task completes when that is durable, or throws.
/// </remarks>
internal sealed class OutputGate(EntityView view, GrainClassTraits traits, GeoGrainPolicy policy, GeoActivations silo)
{
    private readonly bool _waitsForMajority = policy is { IsMultiWriter: true, Durability: ShardFamily.Quorum };
    private readonly TaskScheduler _scheduler = TaskScheduler.Current;

    /// <summary>The request that has the gate to itself: a write from outside may take a part of what it did along.</summary>
    public Turn? Inside { get; set; }

    /// <summary>Whether something must become durable before the turn's code may reach others.</summary>
    public bool MustHold(Turn turn) =>
        turn is { IsOpen: true, Changes.IsEmpty: false } || (turn.Owner.Shard is HomeShard home && IsPending(home, turn.Owner.Record.Version.Position));

    public bool IsPending(HomeShard home, LogPosition position) => _waitsForMajority ? home.IsUnstable(position) : home.IsPending(position);

    /// <summary>Acknowledged as the type demands: a row is visible once it is stored, and its type may demand that a majority has it.</summary>
    public Task WhenDurableAsync(HomeShard home, LogPosition position) => _waitsForMajority ? home.WhenStableAsync(position) : home.WhenAcknowledgedAsync(position);

    /// <summary>The author's code writes a state of an object.</summary>
    public Task WriteAsync(UserObject owner, ImmutableArray<StateChange> changes) => OnSchedulerAsync(() => WriteHereAsync(owner, changes));

    /// <summary>Completes when nothing that the turn depends on is pending. Changes so far become an entry of their own, and durable, first.</summary>
    public Task BeforeOutgoingAsync(Turn turn) => OnSchedulerAsync(() => HoldHereAsync(turn));

    /// <summary>Completes when all that can be seen in an object is durable; what the request inside has written becomes an entry first.</summary>
    /// <exception cref="ShardClosedException">It may be lost.</exception>
    public async Task WhenSeenIsDurableAsync(UserObject owner)
    {
        if (Inside is { IsOpen: true, Changes.IsEmpty: false } inside && ReferenceEquals(inside.Owner, owner) && !StagePart(inside, mustFinish: true))
        {
            throw Refused(inside.Failure!.Value).ToException();
        }

        if (owner.Shard is HomeShard home)
        {
            await WhenDurableAsync(home, owner.Record.Version.Position);
        }
    }

    /// <summary>Makes a turn's changes an entry.</summary>
    public StageResult Stage(Turn turn, RequestId request, ulong fingerprint, ReadOnlyMemory<byte> answer) => Stage(turn, turn.Owner, turn.Changes, request, fingerprint, answer);

    public GeoError Refused(StageVerdict verdict) => verdict switch
    {
        StageVerdict.TooManyStaged => new(GeoErrorCode.TooManyRequests, $"The shard of {view.Entity} has too many writes under way. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
        StageVerdict.TooManyRequests => new(GeoErrorCode.TooManyRequests, $"The shard of {view.Entity} remembers as many requests as it may ({nameof(GeoLimits.DeduplicationEntries)}, {nameof(GeoLimits.DeduplicationBytes)}). Nothing happened; try later.", TimeSpan.FromSeconds(30)),
        _ => new(GeoErrorCode.HomeUnavailable, $"{view.Entity} changed elsewhere or its shard moved while the request ran. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
    };

    public GeoError NotHome()
    {
        var topology = silo.Topology.Value;
        return new(
            GeoErrorCode.NotHome,
            $"{view.Entity} cannot be written in {topology.Regions[silo.Self]}; its home is {topology.HomeOf(view.ShardIndex).Region}. Only requests that come through a reference reach the home and can write. Nothing was written.");
    }

    public static string NameOf(ImmutableArray<StateChange> changes) => changes[0].Name.Split('\u001F')[0];

    private Task WriteHereAsync(UserObject owner, ImmutableArray<StateChange> changes)
    {
        if (Turn.Current is { Failure: { } failure } stopped && ReferenceEquals(stopped.Owner, owner))
        {
            owner.MustReload = true;
            return Task.FromException(Refused(failure).ToException());
        }

        var turn = Turn.Current is { IsOpen: true } open && ReferenceEquals(open.Owner, owner) ? open : null;
        if (turn is { Kind: TurnKind.Read } && owner.Shard is HomeShard)
        {
            owner.MustReload = true;
            return Task.FromException(new GeoException(new(
                GeoErrorCode.ReadOnlyMethod, $"A [ReadOnly] method of {view.Entity} tried to write state '{NameOf(changes)}': take the attribute off the method. Nothing was written.")));
        }

        if (owner.IsRetired || !view.IsHome || !ReferenceEquals(owner.Shard, view.Shard))
        {
            (owner.MustReload, owner.IsUntrue) = (true, true);

            // Its shard went while it ran. Whatever its method makes of it, the request is repeated where the home is.
            turn?.Stop(StageVerdict.StaleRecord);
            owner.NeedsHome |= turn is { Kind: TurnKind.Plain } && owner.Activation.IsStarting(owner);
            return Task.FromException(NotHome().ToException());
        }

        if (turn?.BytesWith(changes) is { } bytes ? bytes > silo.Limits.RecordBytes : (bytes = Turn.BytesOf(changes)) > silo.Limits.RecordBytes)
        {
            owner.MustReload = true;
            return Task.FromException(new GeoException(new(
                GeoErrorCode.TooLarge,
                $"State '{NameOf(changes)}' of {view.Entity} makes its request's changes {bytes} bytes; the limit is {silo.Limits.RecordBytes} ({nameof(GeoLimits.RecordBytes)}). Nothing was written.")));
        }

        if (turn is { Kind: TurnKind.Write })
        {
            turn.Set(changes);

            // Of requests that interleave each write is an entry at once, in the order in which they are made: a later one holds what an earlier one changed.
            return (traits.AllowsInterleavedWrites || owner.Gate.HasBeside) && !StagePart(turn) ? Task.FromException(Refused(turn.Failure!.Value).ToException()) : Task.CompletedTask;
        }

        return WriteAloneAsync(owner, changes);
    }

    private async Task WriteAloneAsync(UserObject owner, ImmutableArray<StateChange> changes)
    {
        var home = (HomeShard)owner.Shard!;
        var inside = Inside is { IsOpen: true } open && ReferenceEquals(open.Owner, owner) ? open : null;

        // What the request inside wrote before comes first, or its end would put older bytes over these. These may hold what it changed and has not written, too: from
        // now on nobody may say that nothing of it happened, and if it was stopped, its repeat would do it again.
        if (inside is not null && !(inside.Changes.IsEmpty ? inside.TryAct(mustFinish: true) : StagePart(inside, mustFinish: true)))
        {
            throw Refused(inside.Failure!.Value).ToException();
        }

        var staged = Stage(null, owner, changes, RequestId.None, 0, default);
        if (staged.Verdict != StageVerdict.Staged)
        {
            throw Refused(staged.Verdict).ToException();
        }

        try
        {
            await WhenDurableAsync(home, staged.Position);
        }
        catch (ShardClosedException)
        {
            throw new GeoException(new(
                GeoErrorCode.DeadlineExceeded,
                $"State '{NameOf(changes)}' of {view.Entity} was written and not confirmed before its shard left this silo. It may be lost: keep what you wrote until a write completes."));
        }
    }

    /// <summary>What the turn changed so far becomes an entry without the request's id.</summary>
    /// <remarks>Only the last entry carries the id: with it, a repeated request would be answered before its answer exists.</remarks>
    /// <param name="turn">The turn.</param>
    /// <param name="mustFinish">It is not the turn's own code that asks for it.</param>
    /// <returns>False: the turn was stopped.</returns>
    public bool StagePart(Turn turn, bool mustFinish = false)
    {
        if (!turn.TryAct(mustFinish))
        {
            return false;
        }

        var staged = Stage(turn, RequestId.None, 0, default);
        if (staged.Verdict != StageVerdict.Staged)
        {
            turn.Stop(staged.Verdict);
            return false;
        }

        turn.Staged();
        return true;
    }

    private async Task HoldHereAsync(Turn turn)
    {
        if (turn is { IsOpen: true, Changes.IsEmpty: false } && !StagePart(turn))
        {
            throw Refused(turn.Failure!.Value).ToException();
        }

        if (turn.Owner.Shard is HomeShard home)
        {
            try
            {
                await WhenDurableAsync(home, turn.Owner.Record.Version.Position);
            }
            catch (ShardClosedException)
            {
                // What it depends on may be lost: it does not go out, and the request is repeated where the home is.
                turn.Stop(StageVerdict.StaleRecord);
                throw Refused(StageVerdict.StaleRecord).ToException();
            }
        }
    }

    private StageResult Stage(Turn? turn, UserObject owner, ImmutableArray<StateChange> changes, RequestId request, ulong fingerprint, ReadOnlyMemory<byte> answer)
    {
        // The states are one object: what the request inside changed may go along.
        var outer = Inside is { IsOpen: true } inside && ReferenceEquals(inside.Owner, owner) && !ReferenceEquals(inside, turn) ? inside : null;
        if (owner.IsRetired || view.MustBind || owner.Shard is not HomeShard home || !ReferenceEquals(home, view.Shard) || (outer is { Failure: null } && !outer.TryAct(mustFinish: true)))
        {
            owner.IsUntrue = true;
            return new(StageVerdict.StaleRecord, default, default);
        }

        var result = home.Stage(new(view.Live!, owner.Record.Version, request, fingerprint, changes, answer), out var record);
        if (result.Verdict == StageVerdict.Staged)
        {
            view.Staged(record);
            owner.Committed(record);
            outer?.StagedElsewhere();
        }
        else
        {
            owner.IsUntrue = true;
        }

        return result;
    }

    /// <summary>Code after <c>ConfigureAwait(false)</c> or in <c>Task.Run</c> writes and calls, too; what it does to the activation happens where everything else does.</summary>
    public Task OnSchedulerAsync(Func<Task> action) => TaskScheduler.Current == _scheduler
        ? action()
        : Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
}
