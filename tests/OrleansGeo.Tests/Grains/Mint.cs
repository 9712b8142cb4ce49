using System.Globalization;
using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.mint")]
[GeoGrain(Durability.Quorum)]
public sealed class Mint([PersistentState("mint", "geo")] IPersistentState<LedgerState> mint, CallLog log) : Grain, IMint
{
    public async Task<string> Make(string name, string barrier)
    {
        var made = string.Create(CultureInfo.InvariantCulture, $"{name} {GeoSession.NewGuid():N} {GeoSession.NewGuid():N} {GeoSession.UtcNow:O}");
        log.Calls.Enqueue(made);
        await Barriers.Of(barrier).PassAsync();
        await AppendAsync(made);
        return made;
    }

    public async Task AppendThenNote(string text)
    {
        await AppendAsync(text);
        await GeoSession.DurableAsync();
        log.Calls.Enqueue($"{text} is durable");
    }

    private Task AppendAsync(string text)
    {
        mint.State.Lines.Add(text);
        return mint.WriteStateAsync();
    }
}
