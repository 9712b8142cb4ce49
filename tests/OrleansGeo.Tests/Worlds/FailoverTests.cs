using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Regions that are lost, cut off and come back.</summary>
[MostlyWaits]
public sealed class FailoverTests
{
    [Fact]
    public async Task A_lost_regions_entities_are_written_through_every_survivor_and_a_repeated_request_gets_its_first_answer()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "lost");
        using (GeoSession.Begin(new() { RequestKey = "once" }))
        {
            Assert.Equal(1, await world.Ledger(East, key).Append("1"));
        }

        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        await world[East].StopAsync();
        Assert.Equal(3, await world.Ledger(West, key).Append("3"));
        Assert.Equal(4, await world.Ledger(Asia, key).Append("4"));
        Assert.Equal(RegionMode.Normal, world.StatusOf(West, East).Mode); // it said no goodbye
        using (GeoSession.Begin(new() { RequestKey = "once" }))
        {
            Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        }

        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(["1", "2", "3", "4"], await world.Ledger(Asia, key).Read());
    }

    [Fact]
    public async Task A_region_that_returns_is_a_replica_until_it_is_restored_and_no_write_fails()
    {
        await using var world = await StartAsync();
        var homes = world.StatusOf(West, East).ShardsHomed;
        var key = world.World.KeyIn(East, "test.ledger", "returns");
        await world.Ledger(West, key).Append("1");
        await world[East].StopAsync();
        await world.Ledger(West, key).Append("2");

        await world[East].StartAsync();
        await world.World.WhenLinkedAsync();
        await Wait.UntilAsync("it caught up", async () => (await world.Ledger(East, key).Read()).Length == 2);
        Assert.NotEqual(East, world.HomeOf(West, "test.ledger", key));

        var others = world.World.KeyIn(West, "test.ledger", "others");
        var loads = Names.Select(name => new SteadyLoad(world.Ledger(name, $"{key}-{name}"), world.Ledger(name, $"{others}-{name}"))).ToList();
        await world.Admin(Asia).RestoreAsync(new RegionId(East));
        foreach (var name in Names)
        {
            await world.WhenHomesAsync(name, East, count => count == homes);
        }

        await Task.WhenAll(loads.Select(static load => load.StopAsync()));
        Assert.Equal(3, await world.Ledger(Asia, key).Append("3"));
    }

    [Fact]
    public async Task A_region_that_is_cut_off_refuses_writes_and_reads_locally()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "isolated");
        await world.Ledger(East, key).Append("1");
        world.CutOff(East);
        await Wait.UntilAsync("a survivor serves", async () => await world.Ledger(West, key).Append("2") >= 2);

        await Wait.UntilAsync("it says that it is cut off", async () => await RefusedAsync(world.Ledger(East, key)) == GeoErrorCode.RegionIsolated);
        Assert.Equal(["1"], await world.Ledger(East, key).Read());
        var stays = await Assert.ThrowsAsync<GeoException>(() => world[East].Services.First().GetRequiredService<IRegionPresence>().LeaveAsync(CancellationToken.None));
        Assert.Equal(GeoErrorCode.RegionIsolated, stays.Code);
        Assert.Contains("it cannot reach a majority of regions", stays.Message, StringComparison.Ordinal);

        await world.RejoinAsync(East);
        Assert.True(await world.Ledger(East, key).Append("3") >= 3);
    }

    [Fact]
    public async Task A_call_across_a_cut_link_goes_through_the_third_region()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(Asia, "test.ledger", "relay");
        await world.Ledger(West, key).Append("1");
        world.World.Cut(West, Asia);
        for (var i = 2; i <= 5; i++)
        {
            using var session = GeoSession.Begin(new());
            Assert.Equal(i, await world.Ledger(West, key).Append($"{i}"));
            Assert.Equal(Asia, session.Last!.Value.ServedBy.Name);
        }

        Assert.Equal(Asia, world.HomeOf(East, "test.ledger", key));
    }

    [Fact]
    public async Task After_all_regions_were_down_everything_is_there()
    {
        await using var world = await StartAsync();
        var keys = Names.Select(name => world.World.KeyIn(name, "test.ledger", "cold")).ToList();
        foreach (var key in keys)
        {
            await world.Ledger(West, key).Append("1");
        }

        foreach (var name in Names)
        {
            await world[name].StopAsync();
        }

        foreach (var name in new[] { Asia, West, East })
        {
            await world[name].StartAsync();
        }

        foreach (var key in keys)
        {
            Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        }
    }

    [Fact]
    public async Task Active_passive_has_all_homes_in_the_first_region_then_in_the_next()
    {
        await using var world = await StartAsync(static geo =>
        {
            geo.Priority.Clear();
            foreach (var name in new[] { East, West, Asia })
            {
                geo.Priority.Add(name);
            }
        });
        var all = world.StatusOf(West, East).ShardsHomed;
        Assert.Equal((0, 0), (world.StatusOf(West, West).ShardsHomed, world.StatusOf(West, Asia).ShardsHomed));
        await world.Ledger(Asia, "primary").Append("1");
        await world[East].StopAsync();
        Assert.Equal(2, await world.Ledger(Asia, "primary").Append("2"));
        await world.WhenHomesAsync(Asia, West, count => count == all);
    }

    [Fact]
    public async Task A_witness_is_never_home()
    {
        await using var world = await StartAsync(static geo =>
        {
            geo.Witnesses.Clear();
            geo.Witnesses.Add(Asia);
        });
        Assert.Equal(0, world.StatusOf(West, Asia).ShardsHomed);
        var key = world.World.KeyIn(East, "test.ledger", "witnessed");
        await world.Ledger(Asia, key).Append("1");
        await world[East].StopAsync();
        Assert.Equal(2, await world.Ledger(Asia, key).Append("2"));
        await world.WhenHomesAsync(Asia, East, static count => count == 0);
        Assert.Equal(0, world.StatusOf(West, Asia).ShardsHomed);
    }

    private static async Task<GeoErrorCode> RefusedAsync(ILedger ledger)
    {
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2) });
        return (await Assert.ThrowsAsync<GeoException>(() => ledger.Append("refused"))).Code;
    }
}
