using Orleans.Runtime;
using OrleansGeo.Crdts;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.gathering")]
[GeoGrain(Durability.Region, MultiWriter = true)]
public sealed class Gathering([PersistentState("members", "geo")] IPersistentState<ObservedRemoveSet> members) : Grain, IGathering
{
    public Task AddInPool(string first, string second, string barrier) => Task.Run(async () =>
    {
        await Barriers.Of($"{barrier} inside").PassAsync();
        await Barriers.Of(barrier).Reached;
        members.State.Add(first);
        var written = members.WriteStateAsync();
        members.State.Add(second);
        Barriers.Of(barrier).Open();
        await written;
    });

    public Task KeepThread(string barrier)
    {
        Barriers.Of(barrier).PassAsync().Wait();
        return Task.CompletedTask;
    }

    public Task<string[]> Members() => Task.FromResult(members.State.Members.ToArray());
}
