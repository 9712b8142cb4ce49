using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A class derived from <c>Grain&lt;TState&gt;</c> is a geo grain like any other.</summary>
[Collection(WorldCollection.Name)]
public sealed class GrainOfStateTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task It_is_written_through_every_region_and_read_in_all()
    {
        var expected = new List<string>();
        foreach (var region in _world.Regions)
        {
            expected.Add(region.Region.Name);
            Assert.Equal(expected.Count, await Wait.ForAsync("a write is answered", region.Grains.GetGrain<IWallet>("wallet").Append(region.Region.Name)));
        }

        foreach (var region in _world.Regions)
        {
            await Wait.UntilAsync($"{region.Region} shows it", async () => (await region.Grains.GetGrain<IWallet>("wallet").Read()).SequenceEqual(expected));
        }
    }

    [Fact]
    public async Task Its_state_is_taken_back_and_cleared()
    {
        var wallet = _world.HomeAndAway("test.wallet", "cleared").Away.Grains.GetGrain<IWallet>("cleared");
        Assert.Equal(1, await Wait.ForAsync("a write is answered", wallet.Append("1")));
        Assert.Equal(1, await Wait.ForAsync("a call is answered", wallet.ChangeAndTakeBack("2")));
        await Wait.ForAsync("it is cleared", wallet.Clear());
        Assert.Empty(await Regions.StronglyAsync(() => wallet.Read()));
        Assert.Equal(1, await Wait.ForAsync("a write is answered", wallet.Append("3")));
    }

    [Fact]
    public async Task A_new_home_has_its_state_when_it_is_activated()
    {
        var key = _world.KeyIn("westeurope", "test.wallet", "moved");
        foreach (var region in _world.Regions)
        {
            await Wait.ForAsync("a read is answered", region.Grains.GetGrain<IWallet>(key).Read());
        }

        Assert.Equal(1, await Wait.ForAsync("a write is answered", _world["westeurope"].Grains.GetGrain<IWallet>(key).Append("1")));
        await _world.PinAsync("test.wallet", key, "eastus2");
        Assert.Equal(1, await Regions.StronglyAsync(() => _world["westeurope"].Grains.GetGrain<IWallet>(key).CountAtActivation()));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", _world["westeurope"].Grains.GetGrain<IWallet>(key).Append("2")));
    }
}
