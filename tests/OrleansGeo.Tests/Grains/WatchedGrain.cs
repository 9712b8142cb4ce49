using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.watched")]
[GeoGrain(Durability.Quorum)]
public sealed class WatchedGrain([PersistentState("watched", "geo")] IPersistentState<LedgerState> state) : Grain, IWatchedGrain
{
    public async Task<int> Add(int amount)
    {
        state.State.Padding = new byte[state.State.Padding.Length + amount];
        await state.WriteStateAsync();
        return state.State.Padding.Length;
    }

    public async Task<int> Throw(string text)
    {
        await Add(1);
        throw new InvalidTimeZoneException(text);
    }

    public Task Reset() => state.ClearStateAsync();

    public Task<int> AddTo(string other, int amount) => GrainFactory.GetGrain<IWatchedGrain>(other).Add(amount);

    public Task<int> Total() => Task.FromResult(state.State.Padding.Length);
}
