using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What a session gives to the code of a geo grain: ids and a time that a repeat of the request finds again, and a way to wait for what it wrote.</summary>
[Collection(WorldCollection.Name)]
public sealed class SessionInsideTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task Ids_and_time_are_the_same_when_the_request_is_repeated_and_differ_from_each_other()
    {
        var key = _world.KeyIn("westeurope", "test.mint", "minted");
        var barrier = Barriers.Of("minted");
        var making = _world["westeurope"].Grains.GetGrain<IMint>(key).Make("minted", "minted");
        await Wait.ForAsync("the method has made its ids", barrier.Reached);
        await _world.PinAsync("test.mint", key, "eastus2");
        barrier.Open();
        var made = await Wait.ForAsync("the request is answered", making);
        Assert.True(barrier.Arrivals > 1, "The request was not repeated.");
        string[] told = [.. _world.Told().Where(static told => told.StartsWith("minted ", StringComparison.Ordinal))];
        Assert.Equal(barrier.Arrivals, told.Length);
        Assert.All(told, each => Assert.Equal(made, each));
        var parts = made.Split(' ');
        Assert.NotEqual(parts[1], parts[2]);

        var another = await Wait.ForAsync("another request is answered", _world["westeurope"].Grains.GetGrain<IMint>(key).Make("another", "minted"));
        Assert.Empty(parts[1..].Intersect(another.Split(' ')));
        Assert.True(DateTimeOffset.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture) < DateTimeOffset.Parse(another.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Outside_of_a_geo_grain_ids_are_new_and_the_time_is_the_systems()
    {
        Assert.NotEqual(GeoSession.NewGuid(), GeoSession.NewGuid());
        Assert.True(GeoSession.UtcNow <= TimeProvider.System.GetUtcNow());
        Assert.True(GeoSession.DurableAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_method_can_wait_until_what_it_wrote_is_durable()
    {
        var key = _world.KeyIn("westeurope", "test.mint", "durable");
        var home = _world["westeurope"];
        Barriers.Of("mint durable").Open();
        await Wait.ForAsync("it is active", home.Grains.GetGrain<IMint>(key).Make("warm", "mint durable"));
        var disk = fixture.DiskOf("westeurope");
        Task writing;
        disk.Faults.Pause();
        try
        {
            var staged = await home.LastEntryAsync("test.mint", key);
            writing = home.Grains.GetGrain<IMint>(key).AppendThenNote("durable line");
            await Wait.UntilAsync("the write is on its way to the disk", async () => await home.LastEntryAsync("test.mint", key) > staged);
            await _world["eastus2"].Grains.GetGrain<IListener>("elsewhere").Count();
            Assert.Equal(0, _world.Told("durable line is durable"));
        }
        finally
        {
            disk.Faults.Resume();
        }

        await Wait.ForAsync("the request is answered", writing);
        Assert.Equal(1, _world.Told("durable line is durable"));
    }
}
