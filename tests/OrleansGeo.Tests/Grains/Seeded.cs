using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <remarks>What it does besides its state is said by its key.</remarks>
[GrainType("test.seeded")]
[GeoGrain(Durability.Quorum)]
public sealed class Seeded([PersistentState("seeded", "geo")] IPersistentState<LedgerState> seeded) : Grain, ISeeded, IRemindable
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (!seeded.RecordExists)
        {
            seeded.State.Lines.Add("seed");
            await seeded.WriteStateAsync(cancellationToken);
        }

        if (key.StartsWith("reminds", StringComparison.Ordinal))
        {
            await this.RegisterOrUpdateReminder("seeded", TimeSpan.FromHours(1), TimeSpan.FromHours(1), cancellationToken);
        }

        if (key.StartsWith("tells", StringComparison.Ordinal))
        {
            await GrainFactory.GetGrain<IListener>("seeded").Tell(key);
        }

        if (key.StartsWith("writes", StringComparison.Ordinal))
        {
            await GrainFactory.GetGrain<IDiary>($"{key}-other").Append(key);
        }

        if (key.StartsWith("enumerates", StringComparison.Ordinal))
        {
            await foreach (var number in GrainFactory.GetGrain<IFeed>($"{key}-other").Count(1, thenThrow: false).WithCancellation(cancellationToken))
            {
                Assert.Equal(1, number);
            }
        }
    }

    public async Task<int> Append(string text)
    {
        seeded.State.Lines.Add(text);
        await seeded.WriteStateAsync();
        return seeded.State.Lines.Count;
    }

    public Task<string[]> Read() => Task.FromResult(seeded.State.Lines.ToArray());

    public async Task<string[]> Reminders() => [.. (await this.GetReminders()).Select(static reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
