using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Reminders;

/// <summary>One reminder of an entity. Its ticks are at <c>Start + k · Period</c>, by the clock of whichever region is home.</summary>
/// <param name="Start">The first tick, in UTC.</param>
/// <param name="Period">Above zero.</param>
/// <param name="Registration">The version of the record that registered it, which tells it from others of the same name; none: not registered yet.</param>
/// <param name="Fired">The last tick that the entity took; null: none yet. Replicated, so that a new home goes on from there however long ago it was.</param>
internal sealed record Reminder(DateTime Start, TimeSpan Period, RecordVersion Registration, DateTime? Fired)
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
        : LatestTick(now);

    /// <summary>
    /// How far the last tick may be ahead of a home's clock before it is taken for the work of a wrong one. Clocks that are kept right differ by far less, and a
    /// tick that is fired again this soon is the same request as before, which every home remembers for longer.
    /// </summary>
    public static TimeSpan FarthestAhead { get; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The reminder as a home goes on with it whose clock shows far less than the last tick that was noted: some home's clock was wrong then, or is now. As if
    /// the latest tick of this clock had been taken, be that before the start: the next one comes within a period, not when this clock shows what the other
    /// one did, perhaps in years.
    /// </summary>
    /// <returns>Null: the noted tick is believed.</returns>
    public Reminder? Corrected(DateTime now) =>
        Fired is not { } fired || fired <= now || fired - now <= FarthestAhead ? null
        : now < Start && Period.Ticks > now.Ticks ? this with { Fired = null }
        : this with { Fired = LatestTick(now) };

    /// <summary>Whether the entity has yet to take this tick of this schedule.</summary>
    public bool Awaits(DateTime start, TimeSpan period, DateTime tick) => start == Start && period == Period && (Fired is not { } fired || tick > fired);

    /// <summary>The last place of the schedule that is not after <paramref name="now"/>.</summary>
    private DateTime LatestTick(DateTime now)
    {
        var since = (now - Start).Ticks;
        var past = since % Period.Ticks;
        return now.AddTicks(past < 0 ? -(past + Period.Ticks) : -past);
    }
}
