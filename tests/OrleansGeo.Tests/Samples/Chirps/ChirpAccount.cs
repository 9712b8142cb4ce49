using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Chirps;

/// <summary>
/// An account of a social network. It is reentrant, as accounts that follow each other have to be: each gives its chirps to the other while that one does the same.
/// A request that is repeated after a crash may run twice, so a chirp counts by its text.
/// </summary>
[Reentrant]
[GrainType("sample.chirps")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class ChirpAccount([PersistentState("account", "geo")] IPersistentState<ChirpAccountState> chirps) : Grain, IChirpAccount
{
    public async Task Follow(string account)
    {
        await GrainFactory.GetGrain<IChirpAccount>(account).AddFollower(this.GetPrimaryKeyString());
        chirps.State.Following.Add(account);
        await chirps.WriteStateAsync();
    }

    public async Task Publish(string chirp)
    {
        await KeepAsync(chirps.State.Published, chirp);
        await Task.WhenAll(chirps.State.Followers.Select(follower => GrainFactory.GetGrain<IChirpAccount>(follower).Receive(chirp)));
    }

    public Task AddFollower(string account)
    {
        chirps.State.Followers.Add(account);
        return chirps.WriteStateAsync();
    }

    public Task Receive(string chirp) => KeepAsync(chirps.State.Received, chirp);

    public Task<string[]> Published() => Task.FromResult(chirps.State.Published.ToArray());

    public Task<string[]> Received() => Task.FromResult(chirps.State.Received.ToArray());

    private Task KeepAsync(List<string> list, string chirp)
    {
        if (!list.Contains(chirp))
        {
            list.Add(chirp);
        }

        return chirps.WriteStateAsync();
    }
}
