using Orleans.Runtime;

namespace OrleansGeo.Tests.Worlds;

[GrainType("test.note")]
[GeoGrain(Durability.Region)]
public sealed class Note([PersistentState("note", "geo")] IPersistentState<LedgerState> note) : Grain, INote
{
    public async Task<int> Append(string text)
    {
        note.State.Lines.Add(text);
        await note.WriteStateAsync();
        return note.State.Lines.Count;
    }

    public Task<string[]> Read() => Task.FromResult(note.State.Lines.ToArray());
}
