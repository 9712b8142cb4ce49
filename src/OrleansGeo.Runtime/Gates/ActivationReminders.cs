using System.Collections.Immutable;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Records;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The entity's reminders, which it changes where it may write, and reads everywhere; and their ticks, which come like requests.</summary>
internal sealed class ActivationReminders(GeoActivation activation, EntityView view, OutputGate output, GeoActivations silo)
{
    public async Task<IGrainReminder> RegisterReminderAsync(string name, TimeSpan dueTime, TimeSpan period)
    {
        if (!view.IsHome && activation.StartingHere is { } starting)
        {
            // A replica becomes ready: the home's own object has registered it, or will, and the home answers until that is shown here.
            return await FindAsync(name, period) ?? throw NeedsHome(starting);
        }

        var now = silo.Time.GetUtcNow().UtcDateTime;
        if (dueTime > DateTime.MaxValue - now)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, $"Reminder '{name}' would fall due after the end of time.");
        }

        var bytes = ReminderCodec.Encode(new(now + dueTime, period, RecordVersion.None, null));
        var all = view.Home is { IsOpen: true } home ? silo.Reminders.Of(home) : null;
        if (all is not null)
        {
            // How many there are is known then. If the home closes first, nothing can be staged anyway.
            await all.WhenLoaded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        var registered = await ChangeRemindersAsync(name, reminders => reminders.Find(name) is { Bytes: not null } || all is null || all.Count < silo.Limits.RemindersPerShard
            ? [new(name, bytes)]
            : throw TooManyReminders(name).ToException());
        return new GeoReminder(name, registered.ToString());
    }

    public async Task UnregisterReminderAsync(GeoReminder reminder)
    {
        await ChangeRemindersAsync(reminder.ReminderName, reminders =>
            reminders.Find(reminder.ReminderName) is not { Bytes: not null } state ? []
            : RegistrationOf(state) == reminder.Registration ? [new(reminder.ReminderName, null)]
            : throw new ReminderException($"Reminder '{reminder.ReminderName}' of {view.Entity} was registered anew since: unregister what GetReminder gives now."));
    }

    /// <summary>What this region shows of them; inside a request at the home, what it changed included.</summary>
    public async Task<List<IGrainReminder>> GetRemindersAsync()
    {
        var reminders = await ReadRemindersAsync();
        return
        [
            .. reminders.States.Where(ReminderRecords.IsReminder)
                .Select(static state => new GeoReminder(state.Name, RegistrationOf(state))),
        ];
    }

    /// <summary>The reminder as this region shows it, if it is registered with that period.</summary>
    private async Task<IGrainReminder?> FindAsync(string name, TimeSpan period) =>
        (await ReadRemindersAsync()).Find(name) is { Bytes: not null } state && ReminderCodec.Decode(state) is { } known && known.Period == period
            ? new GeoReminder(name, RegistrationOf(state))
            : null;

    private GeoException NeedsHome(UserObject starting)
    {
        starting.NeedsHome = true;
        return output.NotHome().ToException();
    }

    private static string RegistrationOf(StateRecord state) => (ReminderCodec.Decode(state)?.Registration ?? state.Version).ToString();

    /// <summary>An entry of the reminders' own record, acknowledged when this completes. The request that makes it is repeated if it cannot be made here.</summary>
    private async Task<RecordVersion> ChangeRemindersAsync(string name, Func<EntityRecord, ImmutableArray<StateChange>> change)
    {
        var turn = Turn.Current is { IsOpen: true } open && ReferenceEquals(open.Owner.Activation, activation) ? open : null;
        if (view.Home is not { } home || !view.IsHome || view.IsGivenUp || turn is { Owner.IsRetired: true })
        {
            turn?.Stop(StageVerdict.StaleRecord);
            throw activation.StartingHere is { } starting ? NeedsHome(starting) : output.NotHome().ToException();
        }

        if (turn is { Kind: TurnKind.Read })
        {
            throw new GeoException(new(
                GeoErrorCode.ReadOnlyMethod, $"A [ReadOnly] method of {view.Entity} tried to change reminder '{name}': take the attribute off the method. Nothing was changed."));
        }

        if (turn?.TryAct() == false)
        {
            throw output.Refused(turn.Failure!.Value).ToException();
        }

        var staged = await ReminderRecords.ChangeAsync(home, view.Entity, change);
        if (staged.Verdict != StageVerdict.Staged)
        {
            throw RefusedReminder(turn, staged.Verdict);
        }

        turn?.StagedElsewhere();
        try
        {
            await home.WhenAcknowledgedAsync(staged.Position);
        }
        catch (ShardClosedException)
        {
            throw RefusedReminder(turn, StageVerdict.StaleRecord);
        }

        return staged.Version;
    }

    private GeoException RefusedReminder(Turn? turn, StageVerdict verdict)
    {
        turn?.Stop(verdict);
        return output.Refused(verdict).ToException();
    }

    /// <summary>The shard may be changing its role: its reminders are read from whatever it becomes.</summary>
    private async Task<EntityRecord> ReadRemindersAsync()
    {
        var since = silo.Time.GetTimestamp();
        do
        {
            var added = silo.Shards.WhenAdded(view.ShardIndex);
            try
            {
                if (silo.Shards.TryGet(view.ShardIndex, out var shard))
                {
                    return await ReminderRecords.ReadAsync(shard, view.Entity);
                }
            }
            catch (Exception exception) when (Shard.IsNotNow(exception))
            {
                // Once more.
            }

            await Task.WhenAny(added, Task.Delay(HomeWait.LookAgain, silo.Time));
        }
        while (silo.Time.GetElapsedTime(since) < HomeWait.Longest);
        throw output.Refused(StageVerdict.StaleRecord).ToException();
    }

    /// <summary>
    /// Whether a tick still counts: not if its reminder was unregistered, registered anew or fired since it was sent. It is asked for inside the gate, so
    /// that no tick runs after the request that unregistered it. A call that only looks like a tick is a request like any other.
    /// </summary>
    /// <returns>Null: run it. Otherwise: what to answer.</returns>
    public async ValueTask<ReplyKind?> JudgeTickAsync(IInvokable tick, RequestId request, HomeShard home)
    {
        if (tick.GetArgument(0) is not string name || tick.GetArgument(1) is not TickStatus status || request != ReminderTick.RequestOf(view.Entity, name, status))
        {
            return null;
        }

        try
        {
            var reminder = ReminderCodec.Decode((await ReminderRecords.PeekAsync(home, view.Entity)).Find(name));
            return !home.MayAct ? ReplyKind.NotNow
                : reminder?.Awaits(status.FirstTickTime, status.Period, status.CurrentTickTime) == true ? null
                : ReplyKind.Answer;
        }
        catch (Exception exception) when (Shard.IsNotNow(exception))
        {
            return ReplyKind.NotNow;
        }
    }

    private GeoError TooManyReminders(string name) => new(
        GeoErrorCode.TooLarge,
        $"Reminder '{name}' of {view.Entity} would be one more than the {silo.Limits.RemindersPerShard} that its shard may have ({nameof(GeoLimits.RemindersPerShard)}). Nothing happened; unregister others, or raise the limit.");
}
