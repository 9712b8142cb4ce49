using System.Collections.Immutable;
using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The entity's reminders, which it changes where it may write, and reads everywhere; and their ticks, which come like requests.</summary>
internal sealed partial class GeoActivation
{
    public GrainId GrainId => _context.GrainId;

    public async Task<IGrainReminder> RegisterReminderAsync(string name, TimeSpan dueTime, TimeSpan period)
    {
        var now = _silo.Time.GetUtcNow().UtcDateTime;
        if (dueTime > DateTime.MaxValue - now)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, $"Reminder '{name}' would fall due after the end of time.");
        }

        var bytes = ReminderCodec.Encode(new(now + dueTime, period, RecordVersion.None, null));
        var all = _shard is HomeShard { IsOpen: true } home ? _silo.Reminders.Of(home) : null;
        if (all is not null)
        {
            // How many there are is known then. If the home closes first, nothing can be staged anyway.
            await all.WhenLoaded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        var registered = await ChangeRemindersAsync(name, reminders => reminders.Find(name) is { Bytes: not null } || all is null || all.Count < _silo.Limits.RemindersPerShard
            ? [new(name, bytes)]
            : throw TooManyReminders(name).ToException());
        return new GeoReminder(name, registered.ToString());
    }

    public async Task UnregisterReminderAsync(GeoReminder reminder)
    {
        await ChangeRemindersAsync(reminder.ReminderName, reminders =>
            reminders.Find(reminder.ReminderName) is not { Bytes: not null } state ? []
            : RegistrationOf(state) == reminder.Registration ? [new(reminder.ReminderName, null)]
            : throw new ReminderException($"Reminder '{reminder.ReminderName}' of {_entity} was registered anew since: unregister what GetReminder gives now."));
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

    private static string RegistrationOf(StateRecord state) => (ReminderCodec.Decode(state)?.Registration ?? state.Version).ToString();

    /// <summary>An entry of the reminders' own record, acknowledged when this completes. The request that makes it is repeated if it cannot be made here.</summary>
    private async Task<RecordVersion> ChangeRemindersAsync(string name, Func<EntityRecord, ImmutableArray<StateChange>> change)
    {
        if (_shard is not HomeShard home || !Owns || _isGivenUp)
        {
            throw NotHome().ToException();
        }

        var turn = Turn;
        if (turn is null && _gate.HasReaders)
        {
            throw new GeoException(new(
                GeoErrorCode.ReadOnlyMethod, $"A [ReadOnly] method of {_entity} tried to change reminder '{name}': take the attribute off the method. Nothing was changed."));
        }

        var staged = await ReminderRecords.ChangeAsync(home, _entity, change);
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
        turn?.Failure = verdict;
        return Refused(verdict).ToException();
    }

    /// <summary>The shard may be changing its role: its reminders are read from whatever it becomes.</summary>
    private async Task<EntityRecord> ReadRemindersAsync()
    {
        var since = _silo.Time.GetTimestamp();
        do
        {
            var added = _silo.Shards.WhenAdded(_shardIndex);
            try
            {
                if (_silo.Shards.TryGet(_shardIndex, out var shard))
                {
                    return await ReminderRecords.ReadAsync(shard, _entity);
                }
            }
            catch (Exception exception) when (Shard.IsNotNow(exception))
            {
                // Once more.
            }

            await Task.WhenAny(added, Task.Delay(LookAgain, _silo.Time));
        }
        while (_silo.Time.GetElapsedTime(since) < LongestWait);
        throw Refused(StageVerdict.StaleRecord).ToException();
    }

    /// <summary>
    /// Whether a tick still counts: not if its reminder was unregistered, registered anew or fired since it was sent. It is asked for inside the gate, so
    /// that no tick runs after the request that unregistered it. A call that only looks like a tick is a request like any other.
    /// </summary>
    /// <returns>Null: run it. Otherwise: what to answer.</returns>
    private async ValueTask<ReplyKind?> JudgeTickAsync(IInvokable tick, RequestId request, HomeShard home)
    {
        if (tick.GetArgument(0) is not string name || tick.GetArgument(1) is not TickStatus status || request != ReminderTick.RequestOf(_entity, name, status))
        {
            return null;
        }

        try
        {
            var reminder = ReminderCodec.Decode((await ReminderRecords.PeekAsync(home, _entity)).Find(name));
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
        $"Reminder '{name}' of {_entity} would be one more than the {_silo.Limits.RemindersPerShard} that its shard may have ({nameof(GeoLimits.RemindersPerShard)}). Nothing happened; unregister others, or raise the limit.");
}
