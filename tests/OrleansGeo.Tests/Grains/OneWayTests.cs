using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Nobody waits for a one-way request, and so its caller does not send it again: what cannot be served where it arrives is not lost for that.</summary>
[Collection(WorldCollection.Name)]
public sealed class OneWayTests(WorldFixture fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_one_way_request_that_is_stopped_before_its_entity_leaves_comes_again()
    {
        var (key, other) = (_world.KeyIn("westeurope", "test.diary", "one-way"), "one-way-other");
        await ReadAsync(key);
        var home = _world.HomeShardOf("test.diary", key);
        home.Departures.Announce($"test.diary/{key}");
        Barriers.Of(key).Open();
        await Diary(key).TellOneWay(key, other, "told");
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of(key).Arrivals >= 3));
        home.Departures.Withdraw($"test.diary/{key}");
        await Wait.UntilAsync("it is written", async () => (await ReadAsync(key)).Length > 0);
        Assert.Equal(2, await Wait.ForAsync("another request is answered", Diary(key).Append("after it")));
        Assert.Equal(["told"], await ReadAsync(other));
    }

    [Theory]
    [InlineData(Jotter.Type)]
    [InlineData(StateJotter.Type)]
    public async Task A_one_way_request_to_an_object_that_has_ended_for_a_move_comes_again(string type)
    {
        var key = _world.KeyIn("westeurope", type, "one-way");
        await Wait.ForAsync("a call is answered", Notes(type, key).Note("early"));
        await Wait.ForAsync("the entity may leave", _world.HomeShardOf(type, key).LeavesAsync($"{type}/{key}", Long));
        await Notes(type, key).NoteOneWay("late");

        // Behind it.
        Assert.Equal(["early"], await Regions.StronglyAsync(() => Notes(type, key).Read()));
        _world.HomeShardOf(type, key).Departures.Withdraw($"{type}/{key}");
        await Wait.UntilAsync("it is noted", async () => await Regions.StronglyAsync(() => Notes(type, key).Read()) is ["early", "late"]);
    }

    private IDiary Diary(string key) => _world["westeurope"].Grains.GetGrain<IDiary>(key);

    private IJotter Notes(string type, string key) => _world["westeurope"].Grains.GetGrain<IJotter>(Orleans.Runtime.GrainId.Create(type, key));

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => Diary(key).Read());
}
