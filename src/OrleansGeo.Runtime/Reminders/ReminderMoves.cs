using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Reminders;

/// <summary>An entity's reminders when the entity moves to another shard: taken out of one, put into the other. Repeating either changes nothing.</summary>
internal static class ReminderMoves
{
    /// <summary>The reminders as they are to stand in the other shard: with their registrations, whose handles stay good.</summary>
    public static ImmutableArray<StateChange> Export(EntityRecord reminders) =>
    [
        .. reminders.States
            .Select(static state => (state.Name, Reminder: ReminderCodec.Decode(state)))
            .Where(static state => state.Reminder is not null)
            .Select(static state => new StateChange(state.Name, ReminderCodec.Encode(state.Reminder!))),
    ];

    /// <summary>Removes every reminder of the entity: none of them fires here from here on.</summary>
    public static Task<StageResult> LeaveAsync(HomeShard home, string entity) => ReminderRecords.ChangeAsync(
        home, entity, static reminders => [.. reminders.States.Where(static state => state.Bytes is not null).Select(static state => new StateChange(state.Name, null))]);

    /// <summary>Adds what <see cref="Export"/> gave: the schedules go on from the tick that was fired last.</summary>
    public static Task<StageResult> ArriveAsync(HomeShard home, string entity, ImmutableArray<StateChange> reminders) => ReminderRecords.ChangeAsync(
        home, entity, current => reminders.RemoveAll(reminder => current.Find(reminder.Name) is { Bytes: not null }));
}
