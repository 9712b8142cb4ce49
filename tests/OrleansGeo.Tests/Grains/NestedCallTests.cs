using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A nested call that is repeated is the same call; another one never is, wherever it stands in the method.</summary>
[Collection(WorldCollection.Name)]
public sealed class NestedCallTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_repeat_that_skips_what_is_stored_makes_the_call_that_was_not_made()
    {
        var key = _world.KeyIn("westeurope", "test.diary", "saga");
        var barrier = Barriers.Of("saga");
        var saga = Diary("westeurope", key).Saga("saga-other", "saga");
        await Wait.ForAsync("the saga has reserved", barrier.Reached);
        await _world.PinAsync("test.diary", key, "eastus2");
        barrier.Open();
        Assert.Equal("done", await Wait.ForAsync("the saga is done", saga));
        Assert.Equal(["first step", "second step"], await ReadAsync(key));
        Assert.Equal(["reserve", "confirm"], await ReadAsync("saga-other"));
    }

    [Fact]
    public async Task A_one_way_call_of_a_method_that_is_repeated_takes_effect_once()
    {
        var key = _world.KeyIn("westeurope", "test.diary", "sender");
        var barrier = Barriers.Of("sender");
        var sending = Diary("westeurope", key).SendThenAppend("sender-other", "sent", "sender");
        await Wait.ForAsync("the one-way call was sent", barrier.Reached);
        await Wait.UntilAsync("it arrived", async () => (await ReadAsync("sender-other")).Length > 0);
        await _world.PinAsync("test.diary", key, "eastus2");
        barrier.Open();
        Assert.Equal(1, await Wait.ForAsync("the method is answered", sending));

        // Another one goes the same way.
        Assert.Equal(2, await Wait.ForAsync("another method is answered", Diary("westeurope", key).SendThenAppend("sender-other", "sent after it", "sender")));
        await Wait.UntilAsync("the other one arrived", async () => (await ReadAsync("sender-other")).Contains("sent after it"));
        Assert.Equal(["sent", "sent after it"], await ReadAsync("sender-other"));
    }

    [Fact]
    public async Task A_one_way_call_under_a_request_key_takes_effect_once()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "notice-1" });
            await region.Grains.GetGrain<IDiary>("oneway-keyed").AppendOneWay("sent");
        }

        // Others go the same ways.
        foreach (var region in _world.Regions)
        {
            await region.Grains.GetGrain<IDiary>("oneway-keyed").AppendOneWay(region.Region.Name);
        }

        await Wait.UntilAsync("the others have arrived", async () => (await ReadAsync("oneway-keyed")).Count(static line => line != "sent") == 3);
        Assert.Single(await ReadAsync("oneway-keyed"), static line => line == "sent");
    }

    [Fact]
    public async Task One_way_calls_that_differ_all_take_effect()
    {
        string[] expected = [.. _world.Regions.Select(static region => region.Region.Name).Order()];
        foreach (var region in _world.Regions)
        {
            await region.Grains.GetGrain<IDiary>("oneway-many").AppendOneWay(region.Region.Name);
        }

        await Wait.UntilAsync("all have arrived", async () => (await ReadAsync("oneway-many")).Order().SequenceEqual(expected));
    }

    [Fact]
    public async Task The_second_call_of_a_session_is_another_one_than_the_nested_calls_of_the_first()
    {
        using (GeoSession.Begin(new() { RequestKey = "transfer-77" }))
        {
            Assert.Equal(2, await Wait.ForAsync("the first call is answered", Diary("westeurope", "second-a").AppendTwoTo("second-b", "first", "second")));
            Assert.Equal(3, await Wait.ForAsync("the second call is answered", Diary("westeurope", "second-b").Append("direct")));
        }

        Assert.Equal(["first", "second", "direct"], await ReadAsync("second-b"));
    }

    [Fact]
    public async Task Two_equal_calls_of_one_method_are_two_calls_and_the_same_two_when_it_is_repeated()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "equal-1" });
            Assert.Equal(1 + 2, await Wait.ForAsync("the call is answered", region.Grains.GetGrain<IDiary>("equal-a").AppendTwiceTo("equal-b", "x")));
        }

        Assert.Equal(["x", "x"], await ReadAsync("equal-b"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_key_that_a_grain_gives_counts(bool inRead)
    {
        var charged = $"keyed-b-{inRead}";
        foreach (var region in _world.Regions)
        {
            var diary = region.Grains.GetGrain<IDiary>($"keyed-a-{inRead}");
            var count = inRead ? diary.AppendUnderKeyFromReadTo(charged, "payment-9", "charge") : diary.AppendUnderKeyTo(charged, "payment-9", "charge");
            Assert.Equal(1, await Wait.ForAsync("the call is answered", count));
        }

        Assert.Equal(["charge"], await ReadAsync(charged));
    }

    [Fact]
    public async Task A_request_key_that_a_grain_gives_counts_beside_that_of_its_caller()
    {
        foreach (var (key, count) in new[] { ("outer-1", 1), ("outer-2", 1), ("outer-1", 1) })
        {
            using var session = GeoSession.Begin(new() { RequestKey = key });
            Assert.Equal(count, await Wait.ForAsync("the call is answered", Diary("eastus2", "keyed-both-a").AppendUnderKeyTo("keyed-both-b", "payment-10", "charge")));
        }

        Assert.Equal(["charge"], await ReadAsync("keyed-both-b"));
    }

    [Fact]
    public async Task A_consistency_that_a_grain_asks_for_counts()
    {
        for (var i = 1; i <= 5; i++)
        {
            foreach (var region in _world.Regions)
            {
                await Wait.ForAsync("a call is answered", region.Grains.GetGrain<IDiary>("strong-b").Append($"{i} {region.Region}"));
            }

            foreach (var region in _world.Regions)
            {
                Assert.Equal(3 * i, (await Wait.ForAsync("the call is answered", region.Grains.GetGrain<IDiary>("strong-a").ReadStrongly("strong-b"))).Length);
            }
        }
    }

    private IDiary Diary(string region, string key) => _world[region].Grains.GetGrain<IDiary>(key);

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => Diary("southeastasia", key).Read());
}
