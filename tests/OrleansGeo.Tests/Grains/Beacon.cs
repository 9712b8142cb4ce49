using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.beacon")]
[GeoGrain(Durability.Quorum, TimersOnReplicas = true)]
public sealed class Beacon([PersistentState("beacon", "geo")] IPersistentState<LedgerState> beacon, CallLog log) : Grain, IBeacon
{
    public async Task<int> Append(string text)
    {
        beacon.State.Lines.Add(text);
        await beacon.WriteStateAsync();
        return beacon.State.Lines.Count;
    }

    public Task Start(string text)
    {
        this.RegisterGrainTimer(() => TickAsync(text), new() { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(20) });
        return Task.CompletedTask;
    }

    public Task<string[]> Read() => Task.FromResult(beacon.State.Lines.ToArray());

    private async Task TickAsync(string text)
    {
        try
        {
            await Append(text);
            log.Calls.Enqueue($"{text} is written");
        }
        catch (GeoException exception)
        {
            log.Calls.Enqueue($"{text} is refused: {exception.Code}");
        }
    }
}
