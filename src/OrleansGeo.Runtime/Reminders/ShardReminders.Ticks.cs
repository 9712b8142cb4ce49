using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Shards.Records;

namespace OrleansGeo.Runtime.Reminders;

/// <summary>Firing ticks. They go through ordinary references: what a tick does passes the gates, and is done once, like any other request.</summary>
internal sealed partial class ShardReminders
{
    /// <summary>Sends what is due.</summary>
    /// <returns>After how long to look again.</returns>
    private TimeSpan Fire()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            while (_underWay < _limits.ReminderTicksAtOnce && _schedule.NextTick <= now)
            {
                if (!_home.MayAct)
                {
                    // Somebody else may be home by now. If nobody is, the lease comes back.
                    return RetryAfter;
                }

                var due = _schedule.Take(now)!;
                _underWay++;

                // It handles its own failures.
                _ = Task.Run(() => FireAsync(due), CancellationToken.None);
            }

            return _underWay >= _limits.ReminderTicksAtOnce || _schedule.NextTick is not { } next ? Timeout.InfiniteTimeSpan
                : next - now < LongestWait ? next - now
                : LongestWait;
        }
    }

    private async Task FireAsync(DueTick due)
    {
        var isSent = false;
        try
        {
            // The registration may be so new that it is not acknowledged yet.
            await _home.WhenAcknowledgedAsync(due.Version.Position);
            isSent = _home.MayAct && _home.IsOpen && !_ending.IsCancellationRequested;
            if (isSent)
            {
                await SendAsync(due);
            }
        }
        catch (ShardClosedException)
        {
            // The next home fires it.
        }
        catch (Exception exception)
        {
            LogTickFailed(_logger, exception, due.Tick, due.Name, due.Entity);
        }

        try
        {
            if (isSent)
            {
                await NoteFiredAsync(due);
            }
        }
        catch (Exception exception)
        {
            LogNotNoted(_logger, exception, due.Tick, due.Name, due.Entity);
        }

        lock (_lock)
        {
            _schedule.Ended(due, isSent);
            _underWay--;
        }

        _loop.Wake();
        CompleteIfEnded();
    }

    private async Task SendAsync(DueTick due)
    {
        var status = ReminderTick.StatusOf(due);
        using var session = GeoSession.Begin(new() { RequestKey = ReminderTick.KeyOf(due.Entity, due.Name, status) });
        await _grains.GetGrain<IRemindable>(GrainId.Parse(due.Entity)).ReceiveReminder(due.Name, status, CancellationToken.None);
    }

    /// <summary>
    /// The tick was fired, whatever became of it: the schedule goes on after it, here and at every later home, however late that comes. If this home closes
    /// first, the next one repeats the very same request, which the log still knows.
    /// </summary>
    private async Task NoteFiredAsync(DueTick due)
    {
        while (_home.IsOpen)
        {
            var noted = await ReminderRecords.ChangeAsync(_home, due.Entity, reminders =>
                ReminderCodec.Decode(reminders.Find(due.Name)) is { } reminder && reminder.Registration == due.Reminder.Registration && !(reminder.Fired >= due.Tick)
                    ? [new StateChange(due.Name, ReminderCodec.Encode(reminder with { Fired = due.Tick }))]
                    : []);
            if (noted.Verdict is StageVerdict.Staged or StageVerdict.Moved)
            {
                return;
            }

            // The shard is about to move, or its store is behind.
            await Task.Delay(RetryAfter, _time, _home.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Takes back what a wrong clock noted, in the record, because that is what the gate asks. What the wrong clock fired stays fired; with the right one, the next
    /// tick comes within a period. If this clock is the wrong one, the ticks of a period or more come again once it is right.
    /// </summary>
    private async Task CorrectAsync()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (var (entity, name, wrong) in Misdated(now))
        {
            if (!_home.MayAct)
            {
                return;
            }

            var noted = await ReminderRecords.ChangeAsync(_home, entity, reminders =>
                ReminderCodec.Decode(reminders.Find(name)) is { } reminder && reminder.Registration == wrong.Registration && reminder.Corrected(now) is { } corrected
                    ? [new StateChange(name, ReminderCodec.Encode(corrected))]
                    : []);
            if (noted.Verdict == StageVerdict.Staged)
            {
                LogMisdated(_logger, name, entity, wrong.Fired ?? now, now);
            }
        }
    }

    private IReadOnlyList<(string Entity, string Name, Reminder Wrong)> Misdated(DateTime now)
    {
        lock (_lock)
        {
            return _schedule.Misdated(now);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminder '{Name}' of {Entity} was noted to have ticked at {Fired:O}, and it is {Now:O} here: a region's clock was wrong, or this one's is. It goes on by this clock; compare the regions' clocks")]
    private static partial void LogMisdated(ILogger logger, string name, string entity, DateTime fired, DateTime now);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tick of {Tick:O} of reminder '{Name}' of {Entity} failed; the next one goes on")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, DateTime tick, string name, string entity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "That the tick of {Tick:O} of reminder '{Name}' of {Entity} was fired could not be noted: the shard's next home fires it once more, as the same request. Look at the entity's record if it happens again.")]
    private static partial void LogNotNoted(ILogger logger, Exception exception, DateTime tick, string name, string entity);
}
