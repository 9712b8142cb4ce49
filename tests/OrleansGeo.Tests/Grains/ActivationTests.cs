using OrleansGeo.Testing;
using OrleansGeo.Tests.Routing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What <c>OnActivateAsync</c> does to the outside happens at the home: a replica that cannot be without it has its read answered there.</summary>
[Collection(WorldCollection.Name)]
public sealed class ActivationTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task An_entity_that_writes_itself_into_being_is_read_first_at_a_replica()
    {
        var (home, away) = _world.HomeAndAway("test.seeded", "first-away");
        Assert.Equal(["seed"], await Wait.ForAsync("a read at a replica is answered", away.Grains.GetGrain<ISeeded>("first-away").Read()));
        Assert.Equal(["seed"], await Wait.ForAsync("a read at the home is answered", home.Grains.GetGrain<ISeeded>("first-away").Read()));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", away.Grains.GetGrain<ISeeded>("first-away").Append("x")));
        await Wait.UntilAsync("the replica shows it", async () => (await away.Grains.GetGrain<ISeeded>("first-away").Read()).SequenceEqual(["seed", "x"]));
    }

    [Fact]
    public async Task It_is_written_once_though_all_regions_read_it_at_once()
    {
        var reads = _world.Regions.SelectMany(static region => Enumerable.Repeat(region, 5)).Select(static region => region.Grains.GetGrain<ISeeded>("first-at-once").Read());
        Assert.All(await Wait.ForAsync("all reads are answered", Task.WhenAll(reads)), static lines => Assert.Equal("seed", Assert.Single(lines)));
        Assert.Equal(["seed"], await Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<ISeeded>("first-at-once").Read()));
    }

    [Fact]
    public async Task A_reminder_that_it_registers_is_registered_at_the_home()
    {
        var (home, away) = _world.HomeAndAway("test.seeded", "reminds-away");
        await Wait.ForAsync("a read at a replica is answered", away.Grains.GetGrain<ISeeded>("reminds-away").Read());
        await Wait.ForAsync("a write is answered", home.Grains.GetGrain<ISeeded>("reminds-away").Append("x"));
        Assert.Equal(["seeded"], await Regions.StronglyAsync(() => away.Grains.GetGrain<ISeeded>("reminds-away").Reminders()));
        await Wait.UntilAsync("a replica shows it", async () => await away.Grains.GetGrain<ISeeded>("reminds-away").Reminders() is ["seeded"]);
    }

    [Theory]
    [InlineData("tells-all")]
    [InlineData("writes-all")]
    [InlineData("enumerates-all")]
    public async Task A_call_that_it_makes_is_made_by_the_home(string key)
    {
        foreach (var region in _world.Regions)
        {
            await Wait.ForAsync("a read is answered", region.Grains.GetGrain<ISeeded>(key).Read());
        }

        await Wait.ForAsync("a write is answered", _world.Regions.First().Grains.GetGrain<ISeeded>(key).Append("x"));
        await Wait.UntilAsync("every replica shows it", async () =>
            (await Task.WhenAll(_world.Regions.Select(region => region.Grains.GetGrain<ISeeded>(key).Read()))).All(static lines => lines.Length == 2));
        var grains = _world.Regions.First().Grains;
        Assert.Equal(1, key switch
        {
            "tells-all" => _world.Told(key),
            "writes-all" => (await Regions.StronglyAsync(() => grains.GetGrain<IDiary>($"{key}-other").Read())).Length,
            _ => (await Regions.StronglyAsync(() => EnumerationTests.ListAsync(grains.GetGrain<IFeed>($"{key}-other").ReadLines()))).Count,
        });
    }
}
