using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>The same, derived from Orleans' class that holds a state.</summary>
[GrainType(Type)]
[GeoGrain(Durability.Quorum)]
[StorageProvider(ProviderName = "geo")]
public sealed class StateJotter : Grain<LedgerState>, IJotter
{
    public const string Type = "test.statejotter";

    public Task Note(string text)
    {
        State.Lines.Add(text);
        return Task.CompletedTask;
    }

    public Task NoteOneWay(string text) => Note(text);

    public Task NoteInRead(string text, bool deactivates)
    {
        if (deactivates)
        {
            DeactivateOnIdle();
        }

        State.Lines.Add(text);
        return WriteStateAsync();
    }

    public Task<string[]> Read() => Task.FromResult(State.Lines.ToArray());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await WriteStateAsync();
        ServiceProvider.GetRequiredService<CallLog>().Calls.Enqueue($"{this.GetPrimaryKeyString()} is written");
    }
}
