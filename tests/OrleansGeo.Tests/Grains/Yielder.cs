using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.yielder")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class Yielder([PersistentState("yielder", "geo")] IPersistentState<LedgerState> yielder) : Grain, IYielder
{
    public async Task<int> Drain(string other, bool isRead)
    {
        var (from, self) = (GrainFactory.GetGrain<IYielder>(other), this.GetPrimaryKeyString());
        var sum = 0;
        await foreach (var count in isRead ? from.AddAndYieldInRead(self) : from.AddAndYield(self))
        {
            sum += count;
        }

        return sum;
    }

    public async Task<int> Add()
    {
        yielder.State.Lines.Add("added");
        await yielder.WriteStateAsync();
        return yielder.State.Lines.Count;
    }

    public IAsyncEnumerable<int> AddAndYieldInRead(string other) => AddAndYield(other);

    public async IAsyncEnumerable<int> AddAndYield(string other)
    {
        yield return await GrainFactory.GetGrain<IYielder>(other).Add();
    }
}
