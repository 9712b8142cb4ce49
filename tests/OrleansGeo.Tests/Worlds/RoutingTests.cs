using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Worlds;

[Collection(WorldCollection.Name)]
public sealed class RoutingTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_write_through_any_region_is_made_at_home_and_read_everywhere()
    {
        for (var i = 0; i < 8; i++)
        {
            var expected = 0;
            foreach (var region in _world.Regions)
            {
                using var session = GeoSession.Begin(new());
                Assert.Equal(++expected, await region.Grains.GetGrain<ICart>($"any-{i}").Add("book", 1));
                Assert.True(session.Last!.Value.ServedByHome);
                Assert.True(session.Last.Value.Version.Position.Value > 0);
            }

            foreach (var region in _world.Regions)
            {
                var cart = region.Grains.GetGrain<ICart>($"any-{i}");
                using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
                {
                    Assert.Equal(3, await cart.Count("book"));
                    Assert.True(session.Last!.Value.ServedByHome);
                }

                await Wait.UntilAsync($"{region.Region} shows the third write", async () => await cart.Count("book") == 3);
            }
        }
    }

    [Fact]
    public async Task Reads_are_served_by_the_callers_own_region()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new());
            await region.Grains.GetGrain<ICart>("own-region").Count("book");
            Assert.Equal(region.Region, session.Last!.Value.ServedBy);
        }
    }

    [Fact]
    public async Task A_live_replica_sees_the_next_write_without_being_activated_again()
    {
        var (home, away) = HomeAndAway("live");
        var replica = away.Grains.GetGrain<ICart>("live");
        Assert.Equal(0, await replica.Count("book"));
        for (var i = 1; i <= 5; i++)
        {
            await home.Grains.GetGrain<ICart>("live").Add("book", 1);
            await Wait.UntilAsync($"the replica shows write {i}", async () => await replica.Count("book") == i);
        }
    }

    [Fact]
    public async Task Void_methods_with_a_cancellation_token_are_forwarded()
    {
        foreach (var region in _world.Regions)
        {
            await region.Grains.GetGrain<ICart>("void").AddTask("pen", 1, CancellationToken.None);
        }

        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(3, await _world.Regions.First().Grains.GetGrain<ICart>("void").Count("pen"));
    }

    [Fact]
    public async Task Cancellation_reaches_the_method_at_its_home()
    {
        var (_, away) = HomeAndAway("cancel", "test.ledger");
        using var cancellation = new CancellationTokenSource();
        var blocked = away.Grains.GetGrain<ILedger>("cancel").Block(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocked);

        // The gate is free again: the method was cancelled too, not only the wait for it.
        Assert.Equal(1, await away.Grains.GetGrain<ILedger>("cancel").Append("after"));
    }

    [Fact]
    public async Task One_way_calls_reach_the_home()
    {
        var (_, away) = HomeAndAway("oneway", "test.ledger");
        await away.Grains.GetGrain<ILedger>("oneway").AppendOneWay("sent");
        await Wait.UntilAsync("the one-way write is visible", async () => (await away.Grains.GetGrain<ILedger>("oneway").Read()).Length == 1);
    }

    [Fact]
    public async Task A_thrown_exception_arrives_as_it_is_and_the_write_before_it_stands()
    {
        foreach (var region in _world.Regions)
        {
            var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => region.Grains.GetGrain<ICart>("throws").AddThenThrow("book"));
            Assert.Equal("as asked", thrown.Message);
        }

        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(3, await _world.Regions.First().Grains.GetGrain<ICart>("throws").Count("book"));
    }

    [Fact]
    public async Task A_method_that_takes_an_observer_is_refused_by_name()
    {
        foreach (var region in _world.Regions)
        {
            // At its home, too: it would work there until the home moved.
            var observer = region.Cluster.Client.CreateObjectReference<ICartObserver>(new Observer());
            var refused = await Assert.ThrowsAsync<GeoException>(() => region.Grains.GetGrain<ICart>("observed").Observe(observer));
            Assert.Equal(GeoErrorCode.NotForwardable, refused.Code);
            Assert.Contains("ICart.Observe", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        var refused = await Assert.ThrowsAsync<GeoException>(async () => await _world.Regions.First().Grains.GetGrain<ICart>(new string('k', 1025)).Add("book", 1));
        Assert.Equal(GeoErrorCode.TooLarge, refused.Code);
    }

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("westeurope~cart")]
    [InlineData("100%25 \"quoted\"")]
    [InlineData("🛒 émoji")]
    public async Task Strange_keys_work(string key)
    {
        var expected = 0;
        foreach (var region in _world.Regions)
        {
            Assert.Equal(++expected, await region.Grains.GetGrain<ICart>(key).Add("book", 1));
        }
    }

    private (GeoTestRegion Home, GeoTestRegion Away) HomeAndAway(string key, string type = "test.cart") => _world.HomeAndAway(type, key);

    private sealed class Observer : ICartObserver
    {
        public Task Changed(string sku) => Task.CompletedTask;
    }
}
