using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Storage;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Regions that start on a disk of which nothing is known, because power was lost.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class StartTests
{
    /// <summary>The disk said that rows were durable which were not, and has the last renewal of the lease: nothing but the others' logs shows that it went back.</summary>
    [Fact]
    public async Task A_home_whose_disk_lost_rows_goes_on_with_what_the_others_have()
    {
        await using var world = await StartWorldAsync();
        var key = world.World.KeyIn(East, "test.ledger", "lost");
        Assert.Equal(1, await world.Ledger(East, key).Append("1"));
        var earlier = world.DiskOf(East).Copy();
        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        Assert.Equal(3, await world.Ledger(East, key).Append("3"));
        await world[East].StopAsync();
        world.DiskOf(East).LosePower(earlier);
        await world[East].StartAsync();
        await world.RejoinAsync(East);
        await Wait.UntilAsync("a write after it", async () => await TryAppendAsync(world.Ledger(East, key), "4") == 4);
        foreach (var region in Names)
        {
            await Wait.UntilAsync($"{region} shows everything", async () => await TryReadAsync(world.Ledger(region, key)) is ["1", "2", "3", "4"]);
        }
    }

    /// <summary>Nothing old is shown meanwhile, of documents and of counters: the region says that it does not know, or asks the home.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_older_or_an_empty_disk_lacks_is_never_shown_as_if_it_were_all(bool isEmpty)
    {
        await using var world = await StartWorldAsync();
        var key = world.World.KeyIn(West, "test.ledger", "shown");
        Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        var tally = world[East].Grains.GetGrain<ITally>("shown");
        await tally.Add(3);
        await Wait.UntilAsync("eastus2 shows it", async () => (await world.Ledger(East, key).Read()).Length == 1);
        await Wait.UntilAsync("the others show it", async () => await world[West].Grains.GetGrain<ITally>("shown").Count() == 3 && await world[Asia].Grains.GetGrain<ITally>("shown").Count() == 3);
        var earlier = isEmpty ? new MemoryRegionDisk() : world.DiskOf(East).Copy();
        Assert.Equal(2, await world.Ledger(West, key).Append("2"));
        await tally.Add(4);
        await Wait.UntilAsync("eastus2 shows that, too", async () => (await world.Ledger(East, key).Read()).Length == 2);
        await Wait.UntilAsync("the others show that, too", async () => await world[West].Grains.GetGrain<ITally>("shown").Count() == 7 && await world[Asia].Grains.GetGrain<ITally>("shown").Count() == 7);
        await world[East].StopAsync();
        world.DiskOf(East).LosePower(earlier);
        await world[East].StartAsync();
        await world.RejoinAsync(East);

        var (ledgers, tallies) = (0, 0);
        await Wait.UntilAsync("eastus2 shows all of it again", async () =>
        {
            using var short_ = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2) });
            if (await TryReadAsync(world.Ledger(East, key)) is { } shown)
            {
                Assert.Equal(["1", "2"], shown);
                ledgers++;
            }

            try
            {
                Assert.Equal(7, await world[East].Grains.GetGrain<ITally>("shown").Count());
                tallies++;
            }
            catch (GeoException exception)
            {
                Assert.Contains(exception.Code, new[] { GeoErrorCode.HomeUnavailable, GeoErrorCode.DeadlineExceeded, GeoErrorCode.RegionIsolated });
            }

            return ledgers > 3 && tallies > 3;
        });
    }

    [Fact]
    public async Task Three_regions_that_lost_power_together_serve_again()
    {
        await using var world = await StartWorldAsync();
        var key = world.World.KeyIn(East, "test.ledger", "together");
        Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        foreach (var region in Names)
        {
            await world[region].StopAsync();
            world.DiskOf(region).LosePower();
        }

        await Task.WhenAll(Names.Select(region => world[region].StartAsync()));
        await Wait.UntilAsync("a write after it", async () => await TryAppendAsync(world.Ledger(West, key), "2") == 2);
        foreach (var region in Names)
        {
            await Wait.UntilAsync($"{region} shows it", async () => await TryReadAsync(world.Ledger(region, key)) is ["1", "2"]);
        }
    }

    /// <summary>What the home's store holds of one shard is damaged. Its lease lives, and every other shard is well.</summary>
    [Fact]
    public async Task A_home_whose_shard_is_damaged_yields_it()
    {
        string? damaged = null;
        await using var world = await StartWorldAsync(wrap: (region, store) => region.Name != East ? store : ShardFaultStore.Of(store, (method, shard) =>
            shard.Name == damaged && (method is nameof(IRegionStore.ReadLogAsync) or nameof(IRegionStore.AppendAsync))
                ? Task.FromException(new RegionStoreException(RegionStoreFailure.Corrupt, $"A row of {shard} fails its checksum."))
                : null));
        var key = world.World.KeyIn(East, "test.ledger", "damaged");
        Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        damaged = world[East].Services.First().GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard.Name;
        await Wait.UntilAsync("another region took it", async () => await TryAppendAsync(world.Ledger(West, key), "2") == 2);
        Assert.NotEqual(East, world.HomeOf(West, "test.ledger", key));
        Assert.True(world.StatusOf(West, East).HoldsLease);
    }

    /// <summary>A region comes back before its lease ends: otherwise its homes are elsewhere by then, and nothing of it is tested.</summary>
    private static Task<BreakableWorld> StartWorldAsync(Func<RegionId, IRegionStore, IRegionStore>? wrap = null) => BreakableWorld.StartAsync(
        configureSilo: static silo => silo.Services.PostConfigure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(12)),
        wrap: wrap);

    private static async Task<string[]?> TryReadAsync(ILedger ledger)
    {
        try
        {
            return await ledger.Read();
        }
        catch (GeoException)
        {
            return null;
        }
    }
}
