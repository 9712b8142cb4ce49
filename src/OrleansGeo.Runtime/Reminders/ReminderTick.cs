using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;

namespace OrleansGeo.Runtime.Reminders;

/// <summary>A tick as a request: everybody who fires it, before and after a change of home, makes the same one, so that it takes effect once.</summary>
/// <remarks>
/// Hence nothing in it depends on who fires it or when: <see cref="TickStatus.CurrentTickTime"/> is when the tick fell due, not when it was sent.
/// </remarks>
internal static class ReminderTick
{
    public static TickStatus StatusOf(DueTick due) => new(due.Reminder.Start, due.Reminder.Period, due.Tick);

    public static string KeyOf(string entity, string name, TickStatus status) => FormattableString.Invariant(
        $"orleansgeo.reminder\u001F{entity}\u001F{name}\u001F{status.FirstTickTime.Ticks}\u001F{status.Period.Ticks}\u001F{status.CurrentTickTime.Ticks}");

    public static RequestId RequestOf(string entity, string name, TickStatus status) => RequestId.FromKey(KeyOf(entity, name, status));
}
