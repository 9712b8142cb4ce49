using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Reminders of geo grains while homes move. Each test ends with a look at every tick: on the grid, one after the other, none twice.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class ReminderTests
{
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Reminders_fire_at_the_home_until_they_are_changed_or_unregistered()
    {
        await using var world = await StartAsync(configureSilo: Configure);
        var key = world.World.KeyIn(East, "test.ticker", "home");
        var west = world[West].Grains.GetGrain<ITicker>(key);
        await west.Register("a", TimeSpan.Zero, Period);
        await west.Register("b", Hour, Hour);
        await WhenTickedAsync(world, key, "a", 3);
        foreach (var name in Names)
        {
            var ticker = world[name].Grains.GetGrain<ITicker>(key);
            await Wait.UntilAsync($"{name} shows both reminders", async () => string.Join(',', await ticker.Reminders()) == "a,b");
            Assert.Equal(name == East ? GeoErrorCode.ReadOnlyMethod : GeoErrorCode.NotHome, await CodeOfAsync(() => ticker.RegisterInRead("c")));
        }

        // Changed: it begins anew, and the schedule before it is over.
        await west.Register("a", TimeSpan.Zero, Hour);
        await Wait.UntilAsync("it ticks as changed", async () => (await west.Ticks("a"))[^1].Period == Hour);
        await west.FailTicks(true);
        await west.Register("b", TimeSpan.Zero, Period);
        await WhenTickedAsync(world, key, "b", 3);
        Assert.Single(await west.Ticks("a"), static tick => tick.Period == Hour);

        // Unregistered: while another one goes on, it does not tick any more.
        Assert.True(await west.Unregister("b"));
        Assert.False(await west.Unregister("b"));
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
        {
            var before = (await west.Ticks("b")).Length;
            await west.Register("c", TimeSpan.Zero, Period);
            await WhenTickedAsync(world, key, "c", 3);
            Assert.Equal(before, (await west.Ticks("b")).Length);
        }

        await AssertTicksAsync(world, key, East);
    }

    [Fact]
    public async Task When_the_home_is_lost_the_next_one_goes_on_and_what_was_unregistered_stays_so()
    {
        await using var world = await StartAsync(configureSilo: Configure);
        var key = world.World.KeyIn(East, "test.ticker", "lost");
        var asia = world[Asia].Grains.GetGrain<ITicker>(key);
        await asia.Register("goes on", TimeSpan.Zero, Period);
        await asia.Register("ended", TimeSpan.Zero, Period);
        await WhenTickedAsync(world, key, "ended", 2);
        await asia.Unregister("ended");
        int ended;
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
        {
            ended = (await asia.Ticks("ended")).Length;
        }

        await world[East].StopAsync();
        await Wait.UntilAsync("it ticks elsewhere", async () => (await asia.Ticks("goes on")).Count(static tick => tick.Region != East) >= 3);
        Assert.Equal(ended, (await asia.Ticks("ended")).Length);
        Assert.Equal(["goes on"], await asia.Reminders());
        var home = world.HomeOf(Asia, "test.ticker", key);
        await AssertTicksAsync(world, key, East, home);

        // The old home is back, as a replica: it fires nothing.
        await world[East].StartAsync();
        await world.World.WhenLinkedAsync();
        var back = world[East].Grains.GetGrain<ITicker>(key);
        var seen = (await asia.Ticks("goes on")).Length;
        await Wait.UntilAsync("it follows", async () => (await back.Ticks("goes on")).Length > seen);
        await AssertTicksAsync(world, key, East, home);
    }

    [Fact]
    public async Task A_planned_move_there_and_back_doubles_no_tick()
    {
        await using var world = await StartAsync(configureSilo: Configure);
        var key = world.World.KeyIn(East, "test.ticker", "moved");
        var west = world[West].Grains.GetGrain<ITicker>(key);
        await west.Register("a", TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        await WhenTickedAsync(world, key, "a", 3);
        await world.DrainAsync(West, East);
        await Wait.UntilAsync("it ticks elsewhere", async () => (await west.Ticks("a")).Count(static tick => tick.Region != East) >= 5);
        await world.Admin(West).RestoreAsync(new RegionId(East));
        await Wait.UntilAsync("it ticks at home again", async () => (await west.Ticks("a"))[^1].Region == East);

        // Registered in one epoch, unregistered in another.
        Assert.True(await west.Unregister("a"));
        await AssertTicksAsync(world, key, Names);
    }

    [Fact]
    public async Task After_all_regions_were_down_reminders_fire_without_a_request_and_no_old_tick_again()
    {
        await using var world = await StartAsync(configureSilo: Configure);
        var key = world.World.KeyIn(East, "test.ticker", "cold");
        await world[West].Grains.GetGrain<ITicker>(key).Register("often", TimeSpan.Zero, Period);
        await world[West].Grains.GetGrain<ITicker>(key).Register("once", TimeSpan.Zero, Hour);
        await WhenTickedAsync(world, key, "often", 2);
        await WhenTickedAsync(world, key, "once", 1);
        foreach (var name in Names)
        {
            await world[name].StopAsync();
        }

        await Task.WhenAll(Names.Select(name => world[name].StartAsync()));
        var shown = world[Asia].Grains.GetGrain<ITicker>(key);
        var seen = (await shown.Ticks("often")).Length;
        await Wait.UntilAsync("it ticks again", async () => (await shown.Ticks("often")).Length >= seen + 3);
        Assert.Single(await shown.Ticks("once"));
        await AssertTicksAsync(world, key, Names);
    }

    [Fact]
    public async Task Other_grains_keep_the_reminders_of_Orleans_and_a_shard_has_no_more_than_its_limit()
    {
        await using var world = await StartAsync(
            configureSilo: static silo =>
            {
                Configure(silo);
                silo.UseInMemoryReminderService();
                silo.Services.Configure<GeoLimits>(static limits => limits.RemindersPerShard = 2);
            });
        var plain = world[West].Grains.GetGrain<IPlainTicker>("plain");
        await plain.Register("a", TimeSpan.Zero, Period);
        var geo = world[West].Grains.GetGrain<ITicker>("limited");
        await geo.Register("a", Hour, Hour);
        await geo.Register("b", Hour, Hour);
        await geo.Register("b", Hour, Hour);
        Assert.Equal(GeoErrorCode.TooLarge, await CodeOfAsync(() => geo.Register("c", Hour, Hour)));
        await geo.Unregister("a");
        await geo.Register("c", Hour, Hour);
        await Wait.UntilAsync("the plain grain's reminder ticks", async () => await plain.Ticks() >= 2);
    }

    internal static void Configure(ISiloBuilder silo) =>
        silo.Services.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(50));

    internal static Task WhenTickedAsync(BreakableWorld world, string key, string name, int times) =>
        Wait.UntilAsync($"'{name}' ticks {times} times", async () => (await world[West].Grains.GetGrain<ITicker>(key).Ticks(name)).Length >= times);

    private static async Task AssertTicksAsync(BreakableWorld world, string key, params string[] regions)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        foreach (var name in new[] { "a", "b", "c", "goes on", "ended", "often", "once" })
        {
            var ticks = await world[West].Grains.GetGrain<ITicker>(key).Ticks(name);
            Assert.All(ticks, tick => Assert.Contains(tick.Region, regions));
            Assert.All(ticks, static tick => Assert.Equal(0, (tick.At - tick.First).Ticks % tick.Period.Ticks));
            foreach (var schedule in ticks.GroupBy(static tick => (tick.First, tick.Period)))
            {
                Assert.Equal(schedule.Select(static tick => tick.At).Distinct().Order(), schedule.Select(static tick => tick.At));
            }
        }
    }

    private static async Task<GeoErrorCode?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (GeoException exception)
        {
            return exception.Code;
        }
    }
}
