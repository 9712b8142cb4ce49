using Orleans.Runtime;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Objects that begin, are replaced and end, and what of the entity they stand for meanwhile.</summary>
[Collection(WorldCollection.Name)]
public sealed class ObjectLifeTests(WorldFixture fixture)
{
    private const string Type = "test.lodger";
    private const int TooMuch = 600 * 1024;

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_timer_does_not_tick_in_an_object_that_is_still_becoming_ready()
    {
        var (key, other) = (_world.KeyIn("westeurope", Type, "ticks-in"), _world.KeyIn("westeurope", Type, "ticks-beside"));
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        await MakeUntrueAsync(key);
        var next = Grain("westeurope", key).Append("2");
        await Wait.ForAsync("the next object becomes ready", Barriers.Of(key).Reached);

        // One of another entity ticks meanwhile.
        await Wait.ForAsync("a write is answered", Grain("westeurope", other).Append("1"));
        var ticking = await Wait.ForAsync("a read is answered", Grain("westeurope", other).Number());
        await Wait.UntilAsync("it has ticked", () => Task.FromResult(_world.Told($"{other} {ticking} ticks") > 10));
        Barriers.Of(key).Open();
        Assert.Equal(2, await Wait.ForAsync("the write is answered", next));
        var number = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        await Wait.UntilAsync("it ticks", () => Task.FromResult(_world.Told($"{key} {number} ticks") > 0));
        Assert.Equal(["begins", "is ready", "ticks"], NotesOf(key, number).Distinct());
    }

    /// <summary>As often as it fails, the next request tries again.</summary>
    [Fact]
    public async Task An_object_that_could_neither_begin_nor_end_does_not_keep_later_ones_out()
    {
        var key = _world.KeyIn("westeurope", Type, "fails");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        await _world.HandOverAsync(Type, key, "eastus2");
        try
        {
            Lodger.Failing[key] = true;
            using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(1) }))
            {
                await Assert.ThrowsAnyAsync<Exception>(() => Wait.ForAsync("a read fails", Grain("westeurope", key).Read()));
            }

            Lodger.Failing.Clear();
            Assert.Equal(["1"], await Wait.ForAsync("a read is answered", Grain("westeurope", key).Read()));
        }
        finally
        {
            Lodger.Failing.Clear();
            await _world.TakeBackAsync(Type, key, "westeurope");
        }

        Assert.Equal(["1"], await Wait.ForAsync("a read is answered", Grain("westeurope", key).Read()));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("2")));
    }

    [Fact]
    public async Task An_enumeration_ends_on_the_object_that_it_began_on_and_that_ends_after_it()
    {
        var key = _world.KeyIn("westeurope", Type, "enumerated");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        await Wait.UntilAsync("the replica shows it", async () => await Grain("eastus2", key).Read() is ["1"]);
        await using var elements = Grain("eastus2", key).Describe(3).WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await Wait.ForAsync("the first element comes", elements.MoveNextAsync().AsTask()));
        var first = elements.Current;
        var number = int.Parse(first.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("2"));
        await Wait.UntilAsync("the replica has another object", async () => await Grain("eastus2", key).Number() != number && (await Grain("eastus2", key).Read()).Length == 2);
        Assert.Empty(NotesOf(key, number));
        for (var i = 0; i < 2; i++)
        {
            Assert.True(await Wait.ForAsync("the next element comes", elements.MoveNextAsync().AsTask()));
            Assert.Equal(first, elements.Current);
        }

        Assert.False(await Wait.ForAsync("the enumeration ends", elements.MoveNextAsync().AsTask()));
        await Wait.UntilAsync("the object has ended", () => Task.FromResult(NotesOf(key, number) is ["ends"]));
    }

    [Fact]
    public async Task An_enumeration_begins_on_an_object_whose_memory_is_true()
    {
        var key = _world.KeyIn("westeurope", Type, "fresh");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        var number = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        await MakeUntrueAsync(key);
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        await foreach (var element in Grain("eastus2", key).Describe(1))
        {
            Assert.NotEqual($"{number}", element.Split(' ')[0]);
        }

        Assert.Equal(["ends"], NotesOf(key, number));
    }

    [Fact]
    public async Task An_enumeration_finds_an_entity_that_was_moved()
    {
        var key = _world.KeyIn("westeurope", Type, "moved");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        await _world.PinAsync(Type, key, "eastus2");
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong, Deadline = TimeSpan.FromSeconds(5) });
            await foreach (var element in region.Grains.GetGrain<ILodger>(key).Describe(1))
            {
                Assert.Equal("1", element.Split(' ')[1]);
            }
        }
    }

    [Fact]
    public async Task What_a_replicas_object_sends_when_it_ends_is_refused()
    {
        var key = _world.KeyIn("westeurope", Type, "tells-replica");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        var replaced = await Wait.ForAsync("a read is answered", Grain("eastus2", key).Number());
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("2"));
        await Wait.UntilAsync("the replica has another object", async () => await Grain("eastus2", key).Number() != replaced && (await Grain("eastus2", key).Read()).Length == 2);
        await Wait.UntilAsync("the replaced one has ended", () => Task.FromResult(NotesOf(key, replaced) is ["ends", _]));

        var last = await Wait.ForAsync("a read is answered", Grain("eastus2", key).Number());
        await Wait.ForAsync("a call is answered", Grain("eastus2", key).Deactivate());
        await Wait.UntilAsync("the last one has ended", () => Task.FromResult(NotesOf(key, last) is ["ends", _]));
        Assert.Equal(["is refused: NotHome", "is refused: NotHome"], [NotesOf(key, replaced)[1], NotesOf(key, last)[1]]);
        Assert.Equal(0, _world.Told(key));
    }

    [Fact]
    public async Task What_the_homes_object_sends_when_it_ends_arrives_once_and_not_from_one_that_was_replaced()
    {
        var key = _world.KeyIn("westeurope", Type, "tells-home");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        var replaced = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        await MakeUntrueAsync(key);
        Assert.Equal(2, await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("2")));
        await Wait.UntilAsync("the replaced one has ended", () => Task.FromResult(NotesOf(key, replaced) is ["ends", "is refused: NotHome"]));
        Assert.Equal(0, _world.Told(key));
        var last = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        await Wait.ForAsync("a call is answered", Grain("westeurope", key).Deactivate());
        await Wait.UntilAsync("the last one told", () => Task.FromResult(_world.Told(key) == 1));
        Assert.Equal(["ends"], NotesOf(key, last));
    }

    [Fact]
    public async Task An_end_that_throws_does_not_hold_up_a_planned_move_and_does_not_come_again()
    {
        var key = _world.KeyIn("westeurope", Type, "throws");
        await Wait.ForAsync("a write is answered", Grain("westeurope", key).Append("1"));
        var number = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        await _world.PinAsync(Type, key, "eastus2");
        Assert.Equal(["1"], await Regions.StronglyAsync(() => Grain("southeastasia", key).Read()));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", Grain("southeastasia", key).Append("2")));

        // What shows it is another object.
        await Wait.UntilAsync("the old home shows the write", async () => await Grain("westeurope", key).Read() is ["1", "2"]);
        Assert.NotEqual(number, await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number()));
        Assert.Equal(["ends"], NotesOf(key, number));
    }

    /// <summary>More than once: the move waits no longer than 100 ms for what this does in between, and the first time everything is slow.</summary>
    [Theory]
    [InlineData("keeps-1")]
    [InlineData("keeps-2")]
    [InlineData("keeps-3")]
    public async Task What_an_object_takes_between_its_end_and_the_move_is_not_left_behind(string name)
    {
        var key = _world.KeyIn("westeurope", Type, name);
        await Wait.ForAsync("a call is answered", Grain("westeurope", key).Keep("early"));
        var number = await Wait.ForAsync("a read is answered", Grain("westeurope", key).Number());
        var late = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _world.HomeShardOf(Type, key).Leaving.OnLeaving(
            async cancellationToken =>
            {
                await Wait.UntilAsync("the object has written what it kept", () => Task.FromResult(NotesOf(key, number) is ["ends", "has written"]));
                var keeping = Grain("westeurope", key).Keep("late");
                late.TrySetResult(keeping);
                await keeping.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            $"{GrainId.Create(Type, key)}");
        await _world.PinAsync(Type, key, "eastus2");
        await Wait.ForAsync("the late call is answered", await Wait.ForAsync("it was made", late.Task));
        await Wait.ForAsync("a call is answered", Grain("eastus2", key).Deactivate());
        await Wait.UntilAsync("both are stored", async () => await Regions.StronglyAsync(() => Grain("southeastasia", key).Read()) is ["early", "late"], TimeSpan.FromSeconds(10));
    }

    /// <summary>A request whose answer cannot be stored leaves an object that remembers what did not happen.</summary>
    private async Task MakeUntrueAsync(string key)
    {
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", Grain("westeurope", key).AppendThenAnswer("never written", TooMuch)));
        Assert.Equal(GeoErrorCode.TooLarge, refused.Code);
    }

    private string[] NotesOf(string key, int number) =>
        [.. _world.Told().Where(told => told.StartsWith($"{key} {number} ", StringComparison.Ordinal)).Select(told => told[$"{key} {number} ".Length..])];

    private ILodger Grain(string region, string key) => _world[region].Grains.GetGrain<ILodger>(key);
}
