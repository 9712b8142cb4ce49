using Orleans.Runtime;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Reminders as requests, and what they ask of a silo. Two silos a region, no reminder table.</summary>
[Collection(WorldCollection.Name)]
public sealed class ReminderGateTests(WorldFixture fixture)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task Each_entity_of_many_ticks_once_on_whichever_silo_it_is()
    {
        var tickers = Enumerable.Range(0, 20).Select(i => _world.Regions.ElementAt(i % 3).Grains.GetGrain<ITicker>($"many-{i}")).ToList();
        await Task.WhenAll(tickers.Select(static ticker => ticker.Register("once", TimeSpan.Zero, Hour)));
        foreach (var ticker in tickers)
        {
            await Wait.UntilAsync("it ticked", async () => (await ticker.Ticks("once")).Length > 0);
            Assert.Single(await ticker.Ticks("once"));
        }
    }

    [Fact]
    public async Task A_tick_that_is_sent_again_or_too_late_runs_once_and_a_call_by_hand_always()
    {
        var (_, away) = _world.HomeAndAway("test.ticker", "sent");
        var ticker = away.Grains.GetGrain<ITicker>("sent");
        await ticker.Register("r", TimeSpan.Zero, Hour);
        await Wait.UntilAsync("it ticked", async () => (await ticker.Ticks("r")).Length == 1);
        var tick = (await ticker.Ticks("r"))[0];
        var sent = new TickStatus(tick.First, tick.Period, tick.At);
        await SendAsync(away, "sent", "r", sent);
        await SendAsync(away, "sent", "r", new(tick.First, tick.Period, tick.At - Hour));
        Assert.Equal(1, await CountAsync(ticker, "r"));

        // The next one is awaited; once.
        var next = new TickStatus(tick.First, tick.Period, tick.At + Hour);
        await Task.WhenAll(_world.Regions.Select(region => SendAsync(region, "sent", "r", next)));
        Assert.Equal(2, await CountAsync(ticker, "r"));
        await ticker.Unregister("r");
        await SendAsync(away, "sent", "r", new(tick.First, tick.Period, tick.At + (2 * Hour)));
        Assert.Equal(2, await CountAsync(ticker, "r"));
        await Remindable(away, "sent").ReceiveReminder("r", sent);
        Assert.Equal(3, await CountAsync(ticker, "r"));
    }

    [Fact]
    public async Task What_Orleans_refuses_is_refused()
    {
        var ticker = _world.Regions.First().Grains.GetGrain<ITicker>("refused");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ticker.Register("r", Timeout.InfiniteTimeSpan, Hour));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ticker.Register("r", TimeSpan.MaxValue, Hour));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ticker.Register("r", Hour, Timeout.InfiniteTimeSpan));
        await Assert.ThrowsAsync<ArgumentException>(() => ticker.Register("r", Hour, TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => ticker.Register(new string('r', 2000), Hour, Hour));
        Assert.Empty(await ticker.Reminders());
    }

    [Fact]
    public async Task Another_grain_is_told_that_the_silo_has_no_reminder_table() =>
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => _world.Regions.First().Grains.GetGrain<IPlainTicker>("refused").Register("r", Hour, Hour));

    private static IRemindable Remindable(GeoTestRegion region, string key) => region.Grains.GetGrain<IRemindable>(GrainId.Create("test.ticker", key));

    private static async Task SendAsync(GeoTestRegion region, string key, string name, TickStatus status)
    {
        using var session = GeoSession.Begin(new() { RequestKey = ReminderTick.KeyOf($"test.ticker/{key}", name, status) });
        await Remindable(region, key).ReceiveReminder(name, status, CancellationToken.None);
    }

    private static async Task<int> CountAsync(ITicker ticker, string name)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return (await ticker.Ticks(name)).Length;
    }
}
