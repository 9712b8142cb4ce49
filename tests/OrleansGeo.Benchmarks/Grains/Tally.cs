using OrleansGeo.Crdts;

namespace OrleansGeo.Benchmarks.Grains;

[GrainType("bench.tally")]
[GeoGrain(Durability.Region, MultiWriter = true)]
internal sealed class Tally([PersistentState("tally", "geo")] IPersistentState<PNCounter> tally) : Grain, ITally
{
    public async ValueTask Add(long amount)
    {
        tally.State.Increment(amount);
        await tally.WriteStateAsync();
    }

    public ValueTask<long> Read() => new((long)tally.State.Value);
}
