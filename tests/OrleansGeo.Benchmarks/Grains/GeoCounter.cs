namespace OrleansGeo.Benchmarks.Grains;

[GrainType("bench.geocounter")]
[GeoGrain(Durability.Quorum)]
internal sealed class GeoCounter([PersistentState("counter", "geo")] IPersistentState<CounterState> counter) : Grain, IGeoCounter
{
    public async ValueTask<long> Add(long amount)
    {
        counter.State.Value += amount;
        await counter.WriteStateAsync();
        return counter.State.Value;
    }

    public ValueTask<CounterView> Touch() => new(counter.State.View());

    public ValueTask<CounterView> Read() => new(counter.State.View());
}
