using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.index")]
[GeoGrain(Durability.Quorum)]
public sealed class Index([PersistentState("index", "geo")] IPersistentState<LedgerState> index) : Grain, IIndex
{
    private int _count;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _count = index.State.Lines.Count;
        return Task.CompletedTask;
    }

    public async Task<int> Append(string text)
    {
        _count++;
        index.State.Lines.Add(text);
        await index.WriteStateAsync();
        return _count;
    }

    public async Task<int> StopThenAppend(string barrier, string text)
    {
        _count++;
        index.State.Lines.Add(text);
        await Barriers.Of(barrier).PassAsync();
        await index.WriteStateAsync();
        return _count;
    }

    public Task<int> Count() => Task.FromResult(_count);

    public async Task<int[]> CountTwice(string barrier)
    {
        var before = _count;
        await Barriers.Of(barrier).PassAsync();
        return [before, _count];
    }
}
