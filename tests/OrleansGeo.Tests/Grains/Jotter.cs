using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType(Type)]
[GeoGrain(Durability.Quorum)]
public sealed class Jotter([PersistentState("notes", "geo")] IPersistentState<LedgerState> notes, CallLog log) : Grain, IJotter
{
    public const string Type = "test.jotter";

    public Task Note(string text)
    {
        notes.State.Lines.Add(text);
        return Task.CompletedTask;
    }

    public Task NoteOneWay(string text) => Note(text);

    public Task NoteInRead(string text, bool deactivates)
    {
        if (deactivates)
        {
            DeactivateOnIdle();
        }

        notes.State.Lines.Add(text);
        return notes.WriteStateAsync();
    }

    public Task<string[]> Read() => Task.FromResult(notes.State.Lines.ToArray());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await notes.WriteStateAsync(cancellationToken);
        log.Calls.Enqueue($"{this.GetPrimaryKeyString()} is written");
    }
}
