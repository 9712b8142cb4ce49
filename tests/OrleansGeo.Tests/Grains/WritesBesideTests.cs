using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What is written beside a request that has written and not ended is not overwritten by what that request wrote before.</summary>
[Collection(WorldCollection.Name)]
public sealed class WritesBesideTests(WorldFixture fixture)
{
    private const string Type = "test.steps";

    private readonly GeoTestCluster _world = fixture.World;

    public static TheoryData<Outside> All => [.. Enum.GetValues<Outside>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_write_from_outside_stays_when_the_request_ends_that_wrote_before_it(Outside from)
    {
        var name = $"outside-{from}";
        var key = _world.KeyIn("westeurope", Type, name);
        await Wait.ForAsync("a call is answered", Grain(key).AppendLater($"{name} later", name, from));
        var inside = Grain(key).AppendThenStop($"{name} inside", $"{name} inside");
        await Wait.ForAsync("the request has written", Barriers.Of($"{name} inside").Reached);
        Barriers.Of(name).Open();
        await Wait.UntilAsync("the other write is durable", () => Task.FromResult(_world.Told($"{name} later is written") == 1));
        Barriers.Of($"{name} inside").Open();
        await Wait.ForAsync("the request is answered", inside);
        await AssertStoredAsync(key, $"{name} inside", $"{name} later");
    }

    [Fact]
    public async Task A_write_of_a_chain_that_came_back_does_not_overwrite_what_the_request_wrote_that_it_came_back_to()
    {
        var (key, other) = (_world.KeyIn("westeurope", Type, "back"), _world.KeyIn("westeurope", Type, "back-other"));
        var running = Grain(key).AppendBesideCallBack(other, "back own", "own", "back", "back came");
        await Wait.ForAsync("the chain came back and has written", Barriers.Of("back came").Reached);
        Barriers.Of("back own").Open();
        await Wait.ForAsync("the request has written, and is answered", running);
        Barriers.Of("back came").Open();
        await Wait.UntilAsync("the chain is answered", () => Task.FromResult(_world.Told("back is answered") == 1));
        await AssertStoredAsync(key, "back", "own");
    }

    /// <summary>Of what the object has in memory the new home knows nothing.</summary>
    private async Task AssertStoredAsync(string key, params string[] lines)
    {
        await _world.PinAsync(Type, key, "eastus2");
        Assert.Equal(lines, await Regions.StronglyAsync(() => _world["southeastasia"].Grains.GetGrain<ISteps>(key).Read()));
    }

    private ISteps Grain(string key) => _world["westeurope"].Grains.GetGrain<ISteps>(key);
}
