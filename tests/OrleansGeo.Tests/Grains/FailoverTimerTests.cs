using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Grains;

/// <summary>Timers of replicas that became homes.</summary>
[MostlyWaits]
public sealed class FailoverTimerTests
{
    [Fact]
    public async Task A_replica_that_was_promoted_begins_to_tick_and_no_other_does()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.metronome", "promoted");
        foreach (var name in Names)
        {
            await Wait.ForAsync("it is active", world[name].Grains.GetGrain<IMetronome>(key).Wake());
        }

        await Wait.UntilAsync("it ticks", () => Task.FromResult(TicksIn(East) > 0));
        Assert.Equal((0, 0), (TicksIn(West), TicksIn(Asia)));
        await world[East].StopAsync();
        await Wait.UntilAsync("it ticks at its new home", () => Task.FromResult(TicksIn(West) + TicksIn(Asia) > 5));
        var home = world.HomeOf(West, "test.metronome", key);
        Assert.Equal(0, TicksIn(home == West ? Asia : West));

        int TicksIn(string region) => world.World.Told($"{key} own {region}");
    }
}
