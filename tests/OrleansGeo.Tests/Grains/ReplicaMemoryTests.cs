using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What a grain derived from its state and keeps in fields is as new as the state, at replicas and after moves.</summary>
[Collection(WorldCollection.Name)]
public sealed class ReplicaMemoryTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData("test.index")]
    [InlineData("test.cache")]
    public async Task A_replica_shows_what_its_fields_are_of_the_newest_state(string type)
    {
        var (home, away) = _world.HomeAndAway(type, "shown");
        Assert.Equal(0, await Wait.ForAsync("a read is answered", Grain(away, type, "shown").Count()));
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(i, await Wait.ForAsync("a write is answered", Grain(home, type, "shown").Append($"{i}")));
        }

        await Wait.UntilAsync("the replica shows it", async () => await Grain(away, type, "shown").Count() == 5);
        Assert.Equal(6, await Wait.ForAsync("a write is answered", Grain(away, type, "shown").Append("6")));
        await Wait.UntilAsync("the replica shows that, too", async () => await Grain(away, type, "shown").Count() == 6);
    }

    [Theory]
    [InlineData("test.index")]
    [InlineData("test.cache")]
    public async Task A_new_home_answers_from_fields_of_the_newest_state(string type)
    {
        var key = _world.KeyIn("westeurope", type, "moved");
        for (var i = 1; i <= 5; i++)
        {
            // Every region has fields of an older state.
            await Task.WhenAll(_world.Regions.Select(region => Wait.ForAsync("a read is answered", Grain(region, type, key).Count())));
            Assert.Equal(i, await Wait.ForAsync("a write is answered", Grain(_world["westeurope"], type, key).Append($"{i}")));
        }

        foreach (var region in new[] { "eastus2", "southeastasia", "westeurope" })
        {
            await _world.PinAsync(type, key, region);
            Assert.Equal(5, await Regions.StronglyAsync(() => Grain(_world["eastus2"], type, key).Count()));
        }

        Assert.Equal(6, await Wait.ForAsync("a write is answered", Grain(_world["eastus2"], type, key).Append("6")));
    }

    [Theory]
    [InlineData("test.index")]
    [InlineData("test.cache")]
    public async Task Fields_that_a_refused_attempt_changed_are_made_anew(string type)
    {
        var key = _world.KeyIn("westeurope", type, "refused");
        var barrier = $"refused {type}";
        Assert.Equal(1, await Wait.ForAsync("a write is answered", Grain(_world["westeurope"], type, key).Append("1")));
        var stopped = Grain(_world["westeurope"], type, key).StopThenAppend(barrier, "2");
        await Wait.ForAsync("the method has changed its field", Barriers.Of(barrier).Reached);
        await _world.PinAsync(type, key, "eastus2");
        Barriers.Of(barrier).Open();
        Assert.Equal(2, await Wait.ForAsync("the write is answered", stopped));
        await _world.PinAsync(type, key, "westeurope");
        Assert.Equal(2, await Regions.StronglyAsync(() => Grain(_world["westeurope"], type, key).Count()));
        Assert.Equal(3, await Wait.ForAsync("a write is answered", Grain(_world["westeurope"], type, key).Append("3")));
    }

    [Fact]
    public async Task A_read_that_runs_ends_on_the_fields_that_it_began_with()
    {
        var (home, away) = _world.HomeAndAway("test.index", "running");
        var reading = Grain(away, "test.index", "running").CountTwice("running");
        await Wait.ForAsync("the read is inside", Barriers.Of("running").Reached);
        Assert.Equal(1, await Wait.ForAsync("a write is answered", Grain(home, "test.index", "running").Append("1")));
        await Wait.UntilAsync("the replica shows it to others", async () => await Grain(away, "test.index", "running").Count() == 1);
        Barriers.Of("running").Open();
        var counts = await Wait.ForAsync("the read is answered", reading);
        Assert.Equal("0, 0", string.Join(", ", counts));
    }

    private static IIndexed Grain(GeoTestRegion region, string type, string key) =>
        type == "test.index" ? region.Grains.GetGrain<IIndex>(key) : region.Grains.GetGrain<ICache>(key);
}
