using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Outside of a request a write has completed when it is durable: whoever empties a buffer after it loses nothing.</summary>
[Collection(WorldCollection.Name)]
public sealed class WriteBehindTests(WorldFixture fixture)
{
    private const string Type = "test.buffer";

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_timer_that_has_written_its_buffer_may_empty_it_though_the_entity_moves_during_the_tick()
    {
        var key = _world.KeyIn("westeurope", Type, "tick");
        await Wait.ForAsync("a call is answered", Buffer(key).Add("item"));
        await Wait.ForAsync("a call is answered", Buffer(key).FlushByTimer("tick is flushed", "tick"));
        await Wait.ForAsync("the timer has flushed", Barriers.Of("tick").Reached);
        await _world.PinAsync(Type, key, "eastus2");
        Barriers.Of("tick").Open();
        Assert.Equal(["item"], await ReadAsync(key));
    }

    [Fact]
    public async Task A_write_of_a_timer_has_not_completed_before_it_is_durable()
    {
        var key = _world.KeyIn("westeurope", Type, "durable");
        await Wait.ForAsync("a call is answered", Buffer(key).Add("item"));
        Barriers.Of("durable").Open();
        var disk = fixture.DiskOf("westeurope");
        var staged = await _world["westeurope"].LastEntryAsync(Type, key);
        disk.Faults.Pause();
        try
        {
            // No answer of it depends on the disk.
            var flushing = _world["westeurope"].Grains.GetGrain<IBuffer>(key).FlushByTimer("durable is flushed", "durable");
            await Wait.UntilAsync("the write is on its way to the disk", async () => await _world["westeurope"].LastEntryAsync(Type, key) > staged);
            await Wait.ForAsync("the call is answered", flushing);
            await Wait.ForAsync("a call is answered", _world["eastus2"].Grains.GetGrain<IListener>("elsewhere").Count());
            Assert.Equal(0, _world.Told("durable is flushed"));
        }
        finally
        {
            disk.Faults.Resume();
        }

        await Wait.UntilAsync("the timer has flushed", () => Task.FromResult(_world.Told("durable is flushed") == 1));
        Assert.Equal(["item"], await ReadAsync(key));
    }

    [Fact]
    public async Task A_write_in_the_background_does_not_fail_with_the_request_that_runs_beside_it()
    {
        await Wait.ForAsync("a call is answered", Buffer("beside").WriteInBackground("background", "beside-background"));
        var failing = Buffer("beside").StopThenAnswer("beside-request", 600 * 1024);
        await Wait.ForAsync("a request is inside", Barriers.Of("beside-request").Reached);
        Barriers.Of("beside-background").Open();
        await Wait.UntilAsync("the background write has ended beside it", () => Task.FromResult(_world.Told("background is written") == 1));
        Barriers.Of("beside-request").Open();
        Assert.Equal(GeoErrorCode.TooLarge, (await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the request fails", failing))).Code);
        Assert.Equal(["background"], await ReadAsync("beside"));
    }

    [Fact]
    public async Task A_write_on_a_thread_of_the_pool_is_written_or_refused()
    {
        await Wait.ForAsync("a call is answered", Buffer("pool").WriteInPool("pooled", "pool"));
        Barriers.Of("pool").Open();
        await Wait.UntilAsync("it has ended", () => Task.FromResult(_world.Told().Any(static told => told.StartsWith("pooled is ", StringComparison.Ordinal))));
        Assert.Equal(_world.Told("pooled is written"), (await ReadAsync("pool")).Length);
    }

    [Fact]
    public async Task A_deactivation_writes_what_is_left()
    {
        await Wait.ForAsync("a call is answered", Buffer("idle").Add("left"));
        await Wait.ForAsync("a call is answered", Buffer("idle").Deactivate());
        await Wait.UntilAsync("it is written", async () => await ReadAsync("idle") is ["left"]);
    }

    [Fact]
    public async Task A_planned_move_writes_what_is_left_before_the_entity_goes()
    {
        var key = _world.KeyIn("westeurope", Type, "moved");
        await Wait.ForAsync("a call is answered", Buffer(key).Add("left"));
        await _world.PinAsync(Type, key, "southeastasia");
        Assert.Equal(["left"], await ReadAsync(key));
    }

    [Theory]
    [InlineData(Jotter.Type)]
    [InlineData(StateJotter.Type)]
    public async Task A_planned_move_writes_what_waits_in_the_state_itself(string type)
    {
        var key = _world.KeyIn("westeurope", type, "kept");
        await Wait.ForAsync("a call is answered", Notes(type, key).Note("left"));
        await _world.PinAsync(type, key, "eastus2");
        Assert.Equal(["left"], await Regions.StronglyAsync(() => Notes(type, key).Read()));
    }

    /// <summary>Between the last write and the move another request arrives, and would leave something in memory that stays behind.</summary>
    [Theory]
    [InlineData(Jotter.Type)]
    [InlineData(StateJotter.Type)]
    public async Task What_is_taken_while_the_entity_leaves_is_not_left_behind(string type)
    {
        var key = _world.KeyIn("westeurope", type, "late");
        await Wait.ForAsync("a call is answered", Notes(type, key).Note("left"));
        Task? late = null;
        using (_world["westeurope"].OnLeaving(type, key, async () =>
        {
            await Wait.UntilAsync("it has written", () => Task.FromResult(_world.Told($"{key} is written") > 0));

            // Were it answered here, the move would follow at once. The move does not wait for it longer than for any entity.
            late = Notes(type, key).Note("late");
            await late;
        }))
        {
            await _world.PinAsync(type, key, "eastus2");
        }

        Assert.NotNull(late);
        await Wait.ForAsync("the late call is answered", late);

        // Which writes it.
        await _world.PinAsync(type, key, "westeurope");
        Assert.Equal(["left", "late"], await Regions.StronglyAsync(() => Notes(type, key).Read()));
    }

    [Theory]
    [InlineData(Jotter.Type, false)]
    [InlineData(Jotter.Type, true)]
    [InlineData(StateJotter.Type, false)]
    [InlineData(StateJotter.Type, true)]
    public async Task What_was_refused_is_not_written_at_the_end(string type, bool moves)
    {
        var key = _world.KeyIn("westeurope", type, $"refused-{moves}");
        await Wait.ForAsync("a read is answered", Notes(type, key).Read());
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Wait.ForAsync("it is refused", Notes(type, key).NoteInRead("refused", deactivates: !moves)));

        // Orleans' class wraps what a storage throws.
        Assert.Contains("take the attribute off the method", refused.Message, StringComparison.Ordinal);
        if (moves)
        {
            await _world.PinAsync(type, key, "eastus2");
        }

        await Wait.UntilAsync("it has ended", () => Task.FromResult(_world.Told($"{key} is written") > 0));
        Assert.Empty(await Regions.StronglyAsync(() => Notes(type, key).Read()));
    }

    private IJotter Notes(string type, string key) => _world["westeurope"].Grains.GetGrain<IJotter>(Orleans.Runtime.GrainId.Create(type, key));

    private IBuffer Buffer(string key) => _world["westeurope"].Grains.GetGrain<IBuffer>(key);

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => _world["eastus2"].Grains.GetGrain<IBuffer>(key).Read());
}
