using OrleansGeo.Benchmarks.Storage;

namespace OrleansGeo.Benchmarks.Grains;

/// <summary>A plain grain that persists every write, as Orleans' documentation shows it.</summary>
[GrainType("bench.persistedcounter")]
internal sealed class PersistedCounter([PersistentState("counter", SqliteGrainStorage.Name)] IPersistentState<CounterState> counter) : Grain, IPersistedCounter
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
