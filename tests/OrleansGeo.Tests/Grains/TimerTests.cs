using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>An entity's timers tick at its home, and nowhere else.</summary>
[Collection(WorldCollection.Name)]
public sealed class TimerTests(WorldFixture fixture)
{
    private const string Type = "test.metronome";
    private const int Some = 5;

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData("own")]
    [InlineData("later")]
    [InlineData("old")]
    public async Task A_timer_that_every_replica_began_ticks_at_the_home_only(string name)
    {
        var key = $"everywhere-{name}";
        var home = _world.HomeOf(Type, key);
        foreach (var region in _world.Regions.Where(region => region != home).Append(home))
        {
            var metronome = region.Grains.GetGrain<IMetronome>(key);
            await Wait.ForAsync("it is active", name == "own" ? metronome.Wake() : metronome.StartInRead(name, name == "old"));
        }

        await WhenTickedAsync(key, name, home.Region.Name, Some);
        Assert.All(_world.Regions.Where(region => region != home), region => Assert.Equal(0, TicksOf(key, name, region.Region.Name)));
    }

    [Fact]
    public async Task After_a_planned_move_it_ticks_at_the_new_home_and_at_the_old_one_no_more()
    {
        var key = _world.KeyIn("westeurope", Type, "moves");
        foreach (var region in _world.Regions)
        {
            await Wait.ForAsync("it is active", region.Grains.GetGrain<IMetronome>(key).Wake());
        }

        await WhenTickedAsync(key, "own", "westeurope", Some);
        foreach (var (from, to) in new[] { ("westeurope", "eastus2"), ("eastus2", "westeurope") })
        {
            var before = TicksOf(key, "own", to);
            await _world.PinAsync(Type, key, to);
            await WhenTickedAsync(key, "own", to, before + 1);
            var old = TicksOf(key, "own", from);
            await WhenTickedAsync(key, "own", to, before + 1 + Some);

            // One may have been on its way when the entity left.
            Assert.InRange(TicksOf(key, "own", from) - old, 0, 1);
        }
    }

    [Fact]
    public async Task A_tick_waits_for_the_request_that_is_inside()
    {
        var key = _world.KeyIn("westeurope", Type, "inside");
        var metronome = _world["westeurope"].Grains.GetGrain<IMetronome>(key);
        await Wait.ForAsync("a call is answered", metronome.Wake());
        await WhenTickedAsync(key, "own", "westeurope", 1);
        var stopped = metronome.Stop("metronome inside");
        await Wait.ForAsync("a request is inside", Barriers.Of("metronome inside").Reached);

        // Another one of the silo ticks meanwhile.
        var other = _world.KeyIn("westeurope", Type, "beside");
        await Wait.ForAsync("a call is answered", _world["westeurope"].Grains.GetGrain<IMetronome>(other).Wake());
        await WhenTickedAsync(other, "own", "westeurope", 10);
        Barriers.Of("metronome inside").Open();
        await Wait.ForAsync("the request is answered", stopped);
        string[] told = [.. _world["westeurope"].Services.Select(CallsOf).First(calls => calls.Contains($"{key} stops")).Where(call => call.StartsWith(key, StringComparison.Ordinal))];
        Assert.Equal($"{key} goes on", told[Array.IndexOf(told, $"{key} stops") + 1]);
    }

    [Fact]
    public async Task What_a_tick_on_a_replica_wanted_to_write_is_refused_and_not_read()
    {
        var (home, away) = _world.HomeAndAway("test.beacon", "phantom");
        var beacon = away.Grains.GetGrain<IBeacon>("phantom");
        Assert.Equal(1, await Wait.ForAsync("a write is answered", beacon.Append("committed")));
        await Wait.UntilAsync("the replica shows it", async () => await beacon.Read() is ["committed"]);
        await Wait.ForAsync("the timer is started", beacon.Start("phantom"));
        foreach (var expected in new string[][] { ["committed"], ["committed", "after"] })
        {
            var ticks = _world.Told("phantom is refused: NotHome");
            await Wait.UntilAsync("it has ticked", () => Task.FromResult(_world.Told("phantom is refused: NotHome") >= ticks + Some));
            Assert.Equal(expected, await Wait.ForAsync("a local read is answered", beacon.Read()));
            using (GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromSeconds(20) }))
            {
                Assert.Equal(expected, await Wait.ForAsync("a bounded read is answered", beacon.Read()));
            }

            Assert.Equal(expected, await Regions.StronglyAsync(() => beacon.Read()));
            if (expected.Length == 1)
            {
                Assert.Equal(2, await Wait.ForAsync("a write is answered", home.Grains.GetGrain<IBeacon>("phantom").Append("after")));
                await Wait.UntilAsync("the replica shows it, too", async () => (await beacon.Read()).Contains("after"));
            }
        }

        Assert.Equal(0, _world.Told("phantom is written"));
    }

    private Task WhenTickedAsync(string key, string name, string region, int times) =>
        Wait.UntilAsync($"{key} has ticked {times} times in {region}", () => Task.FromResult(TicksOf(key, name, region) >= times));

    private int TicksOf(string key, string name, string region) => _world.Told($"{key} {name} {region}");

    private static string[] CallsOf(IServiceProvider services) => services.GetService(typeof(CallLog)) is CallLog log ? [.. log.Calls] : [];
}
