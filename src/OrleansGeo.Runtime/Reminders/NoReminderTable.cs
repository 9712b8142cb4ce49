namespace OrleansGeo.Runtime.Reminders;

/// <summary>Stands where a silo has chosen no reminder table: reminders of geo grains need none, those of other grains are refused.</summary>
internal sealed class NoReminderTable : IReminderTable
{
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData());

    public Task<ReminderTableData> ReadRows(GrainId grainId) => throw NotConfigured(grainId);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => throw NotConfigured(grainId);

    public Task<string?> UpsertRow(ReminderEntry entry) => throw NotConfigured(entry.GrainId);

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => throw NotConfigured(grainId);

    public Task TestOnlyClearTable() => Task.CompletedTask;

    private static OrleansConfigurationException NotConfigured(GrainId grain) => new(
        $"{grain} is no geo grain, and this silo has no reminder table for it: choose one, for instance with UseInMemoryReminderService, or give the class [GeoGrain].");
}
