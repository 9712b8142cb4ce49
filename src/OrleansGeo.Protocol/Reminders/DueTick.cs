using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Reminders;

/// <summary>A tick that is to be fired.</summary>
/// <param name="Entity">Whose reminder.</param>
/// <param name="Name">The reminder's name.</param>
/// <param name="Reminder">The reminder as it was when the tick was taken from the schedule.</param>
/// <param name="Tick">When it fell due.</param>
/// <param name="Version">What the tick depends on: it must be acknowledged first.</param>
internal sealed record DueTick(string Entity, string Name, Reminder Reminder, DateTime Tick, RecordVersion Version);
