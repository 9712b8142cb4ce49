namespace OrleansGeo.Runtime.Reminders;

/// <summary>The handle of a geo grain's reminder. It stays good in every region, and until the reminder is registered anew.</summary>
/// <param name="ReminderName">The name.</param>
/// <param name="Registration">The version of the record that registered it, as text.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.reminder")]
internal sealed record GeoReminder([property: Id(0)] string ReminderName, [property: Id(1)] string Registration) : IGrainReminder;
