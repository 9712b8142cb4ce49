using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Reminders;

/// <summary>One reminder of an entity. Its ticks are at <c>Start + k · Period</c>, by the clock of whichever region is home.</summary>
/// <param name="Start">The first tick, in UTC.</param>
/// <param name="Period">Above zero.</param>
/// <param name="Registration">The version of the record that registered it, which tells it from others of the same name; none: not registered yet.</param>
/// <param name="Fired">The last tick that the entity took; null: none yet. Replicated, so that a new home goes on from there however long ago it was.</param>
public sealed record Reminder(DateTime Start, TimeSpan Period, RecordVersion Registration, DateTime? Fired)
{
    /// <summary>The first tick that the entity did not take; the end of time when there is none.</summary>
    public DateTime NextTick => Fired is not { } fired ? Start
        : DateTime.MaxValue - fired > Period ? fired + Period
        : DateTime.MaxValue;

    /// <summary>
    /// The tick to fire now: of those that fell due since the last one the latest. Several missed ones become one, late, and the schedule goes on.
    /// Null: none is due.
    /// </summary>
    public DateTime? TickDue(DateTime now) => NextTick > now || NextTick == DateTime.MaxValue
        ? null
        : Start + (now - Start).Ticks / Period.Ticks * Period;

    /// <summary>Whether the entity has yet to take this tick of this schedule.</summary>
    public bool Awaits(DateTime start, TimeSpan period, DateTime tick) => start == Start && period == Period && (Fired is not { } fired || tick > fired);
}
