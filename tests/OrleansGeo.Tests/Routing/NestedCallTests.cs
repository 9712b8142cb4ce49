using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

/// <summary>What the calls of a geo grain are known by.</summary>
[Collection(WorldCollection.Name)]
public sealed class NestedCallTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_request_that_makes_another_call_in_the_same_place_is_not_given_the_earlier_answer()
    {
        // Two entities' requests of one key stand for a request whose repeat takes another way.
        await Named("saga").Append("saga-ledger", "reserve");
        await Named("saga", "other").Append("saga-ledger", "confirm");
        Assert.Equal(["reserve", "confirm"], await Read("saga-ledger"));
    }

    [Fact]
    public async Task Requests_of_one_key_to_two_entities_each_make_their_calls()
    {
        await Named("both", "a").Append("both-ledger", "paid");
        await Named("both", "b").Append("both-ledger", "paid");
        Assert.Equal(["paid", "paid"], await Read("both-ledger"));
    }

    [Fact]
    public async Task Requests_of_one_key_to_two_entities_take_different_ids()
    {
        Assert.NotEqual(await Named("guid", "a").NewGuid(), await Named("guid", "b").NewGuid());
    }

    [Fact]
    public async Task Equal_calls_of_one_request_all_happen()
    {
        await Named("equal").Append("equal-ledger", "x", "x", "x");
        Assert.Equal(["x", "x", "x"], await Read("equal-ledger"));
    }

    [Fact]
    public async Task Further_calls_of_a_session_with_a_key_happen_whatever_the_first_one_called()
    {
        using (GeoSession.Begin(new() { RequestKey = "further" }))
        {
            await Errand("further").Append("further-ledger", "x");
            await Ledger("further-ledger").Append("x");
            await Ledger("further-ledger").Append("x");
        }

        Assert.Equal(["x", "x", "x"], await Read("further-ledger"));
    }

    [Fact]
    public async Task A_request_key_counts_inside_of_a_geo_grain()
    {
        Assert.Equal(1, await Errand("named").AppendNamed("named-ledger", "charged", "invoice-1"));
        Assert.Equal(1, await Errand("named").AppendNamed("named-ledger", "charged", "invoice-1"));
        Assert.Equal(2, await Errand("named").AppendNamed("named-ledger", "charged", "invoice-2"));
    }

    [Fact]
    public async Task A_one_way_call_with_a_key_takes_effect_once()
    {
        var region = _world.HomeOf("test.errand", "sender");
        for (var i = 0; i < 2; i++)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "sent-once" });
            region.Grains.GetGrain<IErrand>("sender").Send("sent-ledger", $"sent {i + 1}");
            await Wait.UntilAsync("the one-way call arrived", async () => (await Read("sent-ledger")).Length >= 1);
        }

        // A request behind them: both have arrived by then, in their order.
        await region.Grains.GetGrain<IErrand>("sender").Append("sent-ledger", "last");
        Assert.Equal(["sent 1", "last"], await Read("sent-ledger"));
    }

    [Fact]
    public async Task What_plain_grains_call_in_turn_knows_which_turns_wait_for_it()
    {
        var waiting = await Errand("waits").LineageBehind("messenger");
        Assert.Equal("test.errand/waits", waiting);
        Assert.Equal("", await _world.Regions.First().Grains.GetGrain<IMessenger>("messenger").PassOn(1));
    }

    private IErrand Errand(string key) => _world.Regions.First().Grains.GetGrain<IErrand>(key);

    private ILedger Ledger(string key) => _world.Regions.First().Grains.GetGrain<ILedger>(key);

    private KeyedErrand Named(string requestKey, string? entity = null) => new(Errand(entity is null ? requestKey : $"{requestKey}-{entity}"), requestKey);

    private async Task<string[]> Read(string ledger)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await Ledger(ledger).Read();
    }

    private sealed class KeyedErrand(IErrand errand, string requestKey)
    {
        public async Task Append(string ledger, params string[] texts)
        {
            using var session = GeoSession.Begin(new() { RequestKey = requestKey });
            await errand.Append(ledger, texts);
        }

        public async Task<Guid> NewGuid()
        {
            using var session = GeoSession.Begin(new() { RequestKey = requestKey });
            return await errand.NewGuid();
        }
    }
}
