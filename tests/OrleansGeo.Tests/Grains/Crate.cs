using Orleans.Runtime;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.crate`1")]
[GeoGrain(Durability.Quorum)]
public sealed class Crate<T>([PersistentState("crate", "geo")] IPersistentState<CrateState<T>> crate) : Grain, ICrate<T>
{
    public async Task<int> Put(T content)
    {
        crate.State.Content = content;
        crate.State.Times++;
        await crate.WriteStateAsync();
        return crate.State.Times;
    }

    public Task<T?> Content() => Task.FromResult(crate.State.Content);
}
