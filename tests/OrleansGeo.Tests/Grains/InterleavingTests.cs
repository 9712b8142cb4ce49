using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Requests run beside each other where their author says so, and none of their writes is lost.</summary>
[Collection(WorldCollection.Name)]
public sealed class InterleavingTests(WorldFixture fixture)
{
    private const string Open = "test.openroom";
    private const string Reentrant = "test.reentrantroom";
    private const string Choosy = "test.choosyroom";

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData(Open)]
    [InlineData(Reentrant)]
    [InlineData(Choosy)]
    public async Task A_call_that_always_interleaves_reaches_a_request_that_waits_for_it(string type)
    {
        foreach (var region in _world.Regions)
        {
            var key = $"signalled-{region.Region}";
            var waiting = Room(region, type, key).Wait();
            await Wait.ForAsync("the signal is answered", Room(region, type, key).Signal());
            await Wait.ForAsync("the request that waited is answered", waiting);
            Assert.Equal(1, await Wait.ForAsync("the entity goes on", Room(region, type, key).Append("x")));
        }
    }

    [Theory]
    [InlineData(Open)]
    [InlineData(Reentrant)]
    public async Task A_write_that_ends_first_is_not_overwritten_by_one_that_began_before_it(string type)
    {
        var key = _world.KeyIn("westeurope", type, "order");
        var barrier = Barriers.Of($"order {type}");
        var first = Room(_world["eastus2"], type, key).AppendThenStop("first", $"order {type}");
        await Wait.ForAsync("the first has written", barrier.Reached);
        var second = type == Open ? Room(_world["eastus2"], type, key).AppendBeside("second") : Room(_world["eastus2"], type, key).Append("second");
        Assert.Equal(2, await Wait.ForAsync("the second is answered", second));
        barrier.Open();
        Assert.Equal(1, await Wait.ForAsync("the first is answered", first));
        Assert.Equal(["first", "second"], await ReadAsync(type, key));
        await Wait.UntilAsync("a replica shows both", async () => await Room(_world["southeastasia"], type, key).Read() is ["first", "second"]);
        await _world.PinAsync(type, key, "southeastasia");
        Assert.Equal(["first", "second"], await ReadAsync(type, key));
    }

    [Fact]
    public async Task A_request_that_never_ends_keeps_nothing_of_the_others_from_being_durable()
    {
        var key = _world.KeyIn("westeurope", Reentrant, "many");
        var stopped = Room(_world["westeurope"], Reentrant, key).AppendThenStop("first", "many");
        await Wait.ForAsync("the first has written", Barriers.Of("many").Reached);
        var counts = await Wait.ForAsync("all are answered", Task.WhenAll(_world.Regions.SelectMany(region =>
            Enumerable.Range(0, 20).Select(i => Room(region, Reentrant, key).Append($"{region.Region} {i}")))));
        Assert.Equal(60, counts.Length);
        Assert.Equal(61, (await ReadAsync(Reentrant, key)).Distinct().Count());
        Barriers.Of("many").Open();
        await Wait.ForAsync("the first is answered", stopped);
        Assert.Equal(61, (await ReadAsync(Reentrant, key)).Length);
    }

    /// <summary>No request of the class has the gate to itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_refused_write_changed_is_read_again(bool isBesideAnother)
    {
        var name = $"refused-{isBesideAnother}";
        var room = Room(_world["westeurope"], Reentrant, _world.KeyIn("westeurope", Reentrant, name));
        var other = isBesideAnother ? room.AppendThenStop("kept", name) : room.Append("kept");
        await Wait.ForAsync("it is written", isBesideAnother ? Barriers.Of(name).Reached : other);
        Assert.Equal(GeoErrorCode.TooLarge, (await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", room.Pad(600 * 1024)))).Code);
        Assert.Equal(2, await Wait.ForAsync("a small write is answered", room.Append("small")));
        Assert.Equal(0, await Wait.ForAsync("a read is answered", room.Padding()));
        Barriers.Of(name).Open();
        await Wait.ForAsync("the other request is answered", other);
        Assert.Equal(["kept", "small"], (await Wait.ForAsync("a read is answered", room.Read())).Distinct());
    }

    [Fact]
    public async Task What_a_method_changed_before_it_threw_is_not_written_by_the_next_one()
    {
        var key = _world.KeyIn("westeurope", Reentrant, "threw");
        Assert.Equal(1, await Wait.ForAsync("a write is answered", Room(_world["westeurope"], Reentrant, key).Append("a")));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("it throws", Room(_world["westeurope"], Reentrant, key).ChangeThenThrow("never written")));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", Room(_world["westeurope"], Reentrant, key).Append("b")));
        Assert.Equal(["a", "b"], await ReadAsync(Reentrant, key));
    }

    [Fact]
    public async Task Its_class_judges_each_request()
    {
        var room = Room(_world.HomeAndAway(Choosy, "judged").Away, Choosy, "judged");
        var stopped = room.AppendThenStop("first", "judged");
        await Wait.ForAsync("the first is inside", Barriers.Of("judged").Reached);
        var slow = room.Append("slow");
        Assert.Equal(2, await Wait.ForAsync("a quick one is answered beside it", room.Append("quick")));
        Assert.Equal(3, await Wait.ForAsync("another one, too", room.AppendBeside("beside")));
        Assert.False(slow.IsCompleted);
        Barriers.Of("judged").Open();
        await Wait.ForAsync("the first is answered", stopped);
        Assert.Equal(4, await Wait.ForAsync("the slow one is answered", slow));
        Assert.Equal(["first", "quick", "beside", "slow"], await ReadAsync(Choosy, "judged"));
    }

    [Fact]
    public async Task Two_that_call_each_other_at_once_both_end()
    {
        var (one, other) = (_world.KeyIn("westeurope", Reentrant, "mutual"), _world.KeyIn("eastus2", Reentrant, "mutual"));
        for (var round = 0; round < 10; round++)
        {
            await Wait.ForAsync("both are answered", Task.WhenAll(
                Room(_world["westeurope"], Reentrant, one).Publish(other, $"{round}"), Room(_world["southeastasia"], Reentrant, other).Publish(one, $"{round}")));
        }

        Assert.Equal(30, (await ReadAsync(Reentrant, one)).Length);
        Assert.Equal(30, (await ReadAsync(Reentrant, other)).Length);
    }

    private static IRoom Room(GeoTestRegion region, string type, string key) => type switch
    {
        Open => region.Grains.GetGrain<IOpenRoom>(key),
        Reentrant => region.Grains.GetGrain<IReentrantRoom>(key),
        _ => region.Grains.GetGrain<IChoosyRoom>(key),
    };

    private Task<string[]> ReadAsync(string type, string key) => Regions.StronglyAsync(() => Room(_world["eastus2"], type, key).Read());
}
