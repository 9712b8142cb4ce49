using OrleansGeo.Protocol.Topology;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>The operators' verbs.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class OperatorTests
{
    // Far above what stopping takes, far below the 30 s after which Orleans gives up a call, or a deactivation.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_drained_region_hands_its_homes_over_and_no_write_fails()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "drained");
        var loads = Names.Select(name => new SteadyLoad(world.Ledger(name, $"{key}-{name}"), world.Ledger(name, $"load-{name}"))).ToList();
        Assert.Equal(1, await world.Ledger(East, key).Append("1"));
        await world.DrainAsync(West, East);
        await world.WhenHomesAsync(Asia, East, static count => count == 0);
        await Task.WhenAll(loads.Select(static load => load.StopAsync()));

        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        await Wait.UntilAsync("it is a replica", async () => (await world.Ledger(East, key).Read()).Length == 2);
        Assert.True(world.StatusOf(West, East).HoldsLease);
    }

    [Fact]
    public async Task The_last_region_and_an_unknown_one_are_refused()
    {
        await using var world = await StartAsync();
        await world.DrainAsync(West, East);
        await world.DrainAsync(West, Asia);
        await world.WhenHomesAsync(West, East, static count => count == 0);
        await world.WhenHomesAsync(West, Asia, static count => count == 0);
        await Wait.UntilAsync("the silo knows that nobody else is eligible", async () => await CodeOfAsync(() => world.Admin(West).FailoverAsync(new RegionId(West))) == GeoErrorCode.LastRegion);
        Assert.Equal(GeoErrorCode.LastRegion, await CodeOfAsync(() => world.DrainAsync(West, West)));
        Assert.Equal(GeoErrorCode.UnknownRegion, await CodeOfAsync(() => world.DrainAsync(West, "atlantis")));
        Assert.Equal(GeoErrorCode.UnknownRegion, await CodeOfAsync(() => world.Admin(West).RestoreAsync(new RegionId("atlantis"))));
        Assert.Equal(GeoErrorCode.UnknownRegion, await CodeOfAsync(() => world.Admin(West).FailoverAsync(new RegionId("atlantis"))));
        Assert.Equal(1, await world.Ledger(Asia, "after").Append("1"));
    }

    [Fact]
    public async Task A_live_region_that_is_failed_over_has_no_homes_until_it_is_restored()
    {
        await using var world = await StartAsync();
        var homes = world.StatusOf(West, East).ShardsHomed;
        var key = world.World.KeyIn(East, "test.ledger", "failed-over");
        await world.Ledger(East, key).Append("1");
        await world.Admin(Asia).FailoverAsync(new RegionId(East));
        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        await world.WhenHomesAsync(West, East, static count => count == 0);
        await Wait.UntilAsync("it has a lease again", () => Task.FromResult(world.StatusOf(East, East).HoldsLease));
        await world.WhenHomesAsync(East, East, static count => count == 0);

        await world.Admin(West).RestoreAsync(new RegionId(East));
        await world.WhenHomesAsync(West, East, count => count == homes);
        Assert.Equal(3, await world.Ledger(Asia, key).Append("3"));
    }

    [Fact]
    public async Task Two_operators_at_once_leave_a_world_that_can_be_written()
    {
        await using var world = await StartAsync();
        var keys = Names.Select(name => world.World.KeyIn(name, "test.ledger", "two")).ToList();
        var codes = await Task.WhenAll(CodeOfAsync(() => world.DrainAsync(West, East)), CodeOfAsync(() => world.DrainAsync(East, Asia)));
        Assert.All(codes, static code => Assert.True(code is null or GeoErrorCode.LastRegion, $"{code}"));
        await world.WhenHomesAsync(West, East, static count => count == 0);
        foreach (var key in keys)
        {
            Assert.Equal(1, await world.Ledger(Asia, key).Append("1"));
        }
    }

    /// <summary>A region that stops may be waiting for a change of the topology, which no majority decides any more.</summary>
    [Fact]
    public async Task A_world_stops_promptly_while_homes_move()
    {
        await using var world = await StartAsync();
        var homes = world.StatusOf(West, East).ShardsHomed;
        await world.DrainAsync(West, East);
        await world.WhenHomesAsync(West, East, count => count < homes);
        await Task.WhenAll(Names.Select(name => world[name].StopAsync())).WaitAsync(Prompt);
    }

    private static async Task<GeoErrorCode?> CodeOfAsync(Func<Task> verb)
    {
        try
        {
            await verb();
            return null;
        }
        catch (GeoException exception)
        {
            return exception.Code;
        }
    }
}
