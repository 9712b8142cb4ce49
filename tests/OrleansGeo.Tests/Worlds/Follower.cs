using Orleans.Runtime;

namespace OrleansGeo.Tests.Worlds;

[GrainType("test.follower")]
[GeoGrain(Durability.Quorum, FollowWriters = true)]
public sealed class Follower([PersistentState("count", "geo")] IPersistentState<LedgerState> state) : Grain, IFollower
{
    public async Task<int> Count()
    {
        state.State.Lines.Add("");
        await state.WriteStateAsync();
        return state.State.Lines.Count;
    }
}
