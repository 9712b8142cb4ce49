using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A chain of calls that comes back to where it is fails at once, and says how it went; unless its author allows it to come back.</summary>
[Collection(WorldCollection.Name)]
public sealed class CallChainTests(WorldFixture fixture)
{
    /// <summary>Far below the 30 s after which a call that waits for itself gives up.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData("self-a", "self-a")]
    [InlineData("pair-a", "pair-b pair-a")]
    [InlineData("three-a", "three-b three-c three-a")]
    [InlineData("over-a", "plain-x over-a")]
    [InlineData("tail-a", "tail-b tail-c tail-b")]
    public async Task A_cycle_is_refused_at_once_by_name(string begin, string path)
    {
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", Caller(begin).Visit(path.Split(' '), "x", reentrant: false), AtOnce));
        Assert.All(path.Split(' ').Where(static key => !key.StartsWith("plain-", StringComparison.Ordinal)), key => Assert.Contains($"test.caller/{key}", refused.Message, StringComparison.Ordinal));
        await Wait.ForAsync("the entity goes on", Caller(begin).Visit([], "after", reentrant: false), AtOnce);
    }

    [Fact]
    public async Task A_cycle_over_two_regions_is_refused_at_once()
    {
        var (west, east) = (_world.KeyIn("westeurope", "test.caller", "far-a"), _world.KeyIn("eastus2", "test.caller", "far-b"));
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", Caller(west).Visit([east, west], "x", reentrant: false), AtOnce));
        Assert.Contains(west, refused.Message, StringComparison.Ordinal);
        Assert.Contains(east, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writing_call_back_to_a_reading_method_is_refused_at_once()
    {
        var key = _world.KeyIn("westeurope", "test.caller", "back-a");
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", Caller(key).VisitInRead(["back-b", key], "x", reentrant: false), AtOnce));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reads-self-a", "reads-self-a")]
    [InlineData("reads-pair-a", "reads-pair-b reads-pair-a")]
    public async Task A_read_that_comes_back_to_a_reading_method_is_no_cycle(string begin, string path)
    {
        await Wait.ForAsync("a write is answered", Caller(begin).Visit([], "x", reentrant: false));
        Assert.Equal(2, await Wait.ForAsync("the chain is answered", Caller(begin).CountAlong(path.Split(' ')), AtOnce));
        await Wait.ForAsync("the entity goes on", Caller(begin).Visit([], "after", reentrant: false), AtOnce);
    }

    [Fact]
    public async Task A_writing_call_that_may_come_back_to_a_reading_method_comes_back_inside()
    {
        var key = _world.KeyIn("westeurope", "test.caller", "may-back-a");
        Assert.Equal(2, await Wait.ForAsync("the chain is answered", Caller(key).VisitInRead(["may-back-b", key], "x", reentrant: true), AtOnce));
        Assert.Equal(["x in", "x out"], await Regions.StronglyAsync(() => Caller(key).Read()));
    }

    [Fact]
    public async Task A_strong_read_of_an_entity_by_what_it_called_is_refused_at_once()
    {
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", Caller("ask-a").AskBack("ask-b", "x", reentrant: false), AtOnce));
        Assert.Contains("test.caller/ask-a", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("may-self", "may-self-a")]
    [InlineData("may-pair", "may-pair-b may-pair-a")]
    [InlineData("may-plain", "plain-x may-plain-a")]
    public async Task A_chain_that_may_come_back_comes_back_inside(string name, string path)
    {
        var begin = $"{name}-a";
        Assert.Equal(4, await Wait.ForAsync("the chain is answered", Caller(begin).Visit(path.Split(' '), "x", reentrant: true), AtOnce));
        Assert.Equal(["x in", "x in", "x out", "x out"], await Regions.StronglyAsync(() => Caller(begin).Read()));
    }

    [Fact]
    public async Task A_chain_comes_back_to_the_one_that_allowed_it_over_others_that_did_not()
    {
        Assert.Equal(2, await Wait.ForAsync("the chain is answered", Caller("root-a").VisitWithin(["root-b", "root-a"], "x"), AtOnce));
        Assert.Equal(["x in", "x out"], await Regions.StronglyAsync(() => Caller("root-a").Read()));
    }

    [Theory]
    [InlineData("on-b")]
    [InlineData("plain-on")]
    public async Task A_chain_that_one_allowed_to_come_back_to_it_does_not_come_back_to_another(string over)
    {
        string[] path = [over, "on-c", "on-d", "on-c"];
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", Caller($"on-a-{over}").VisitWithin(path, "x"), AtOnce));
        Assert.Equal(GeoErrorCode.CallCycle, refused.Code);
        Assert.Contains("test.caller/on-c → test.caller/on-d → test.caller/on-c", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cycle_through_an_enumeration_is_refused_at_once(bool isRead)
    {
        var (begin, other) = ($"drain-a-{isRead}", $"drain-b-{isRead}");
        var draining = _world["westeurope"].Grains.GetGrain<IYielder>(begin).Drain(other, isRead);
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the cycle is refused", draining, AtOnce));
        Assert.Equal(GeoErrorCode.CallCycle, refused.Code);
        Assert.Contains($"test.yielder/{begin} → test.yielder/{other} → test.yielder/{begin}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_may_come_back_over_two_regions_comes_back_inside()
    {
        var (west, east) = (_world.KeyIn("westeurope", "test.caller", "may-far-a"), _world.KeyIn("eastus2", "test.caller", "may-far-b"));
        Assert.Equal(4, await Wait.ForAsync("the chain is answered", Caller(west).Visit([east, west], "x", reentrant: true), AtOnce));
        Assert.Equal(["x in", "x out"], await Regions.StronglyAsync(() => Caller(east).Read()));
    }

    [Fact]
    public async Task A_read_that_may_come_back_sees_what_was_written_so_far() =>
        Assert.Equal(1, await Wait.ForAsync("the chain is answered", Caller("may-ask-a").AskBack("may-ask-b", "x", reentrant: true), AtOnce));

    [Fact]
    public async Task Chains_that_part_and_meet_again_are_no_cycle()
    {
        Assert.Equal(2, await Wait.ForAsync("the calls are answered", Caller("fork-a").Fork(["fork-b", "fork-c"], ["fork-d"], "x")));
        Assert.Equal(4, (await Regions.StronglyAsync(() => Caller("fork-d").Read())).Length);
    }

    [Fact]
    public async Task Two_chains_that_meet_are_no_cycle()
    {
        await Wait.ForAsync("all are answered", Task.WhenAll(Enumerable.Range(0, 20).Select(i => Caller($"meet-{i}").Visit(["meet-a", "meet-b"], $"{i}", reentrant: false))));
        Assert.Equal(40, (await Regions.StronglyAsync(() => Caller("meet-b").Read())).Length);
    }

    private ICallerGrain Caller(string key) => _world["westeurope"].Grains.GetGrain<ICallerGrain>(key);
}
