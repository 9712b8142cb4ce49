using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Tests.Storage;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>One shard whose store fails or hangs holds up that shard, and no other.</summary>
[MostlyWaits]
public sealed class ShardFaultTests
{
    /// <summary>What a call on a shard waits for, or fails with, by region, method and shard.</summary>
    private readonly ConcurrentDictionary<(string Region, string Method, ShardId Shard), Task> _faults = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shard_that_a_survivor_cannot_promise_keeps_no_other_from_being_promoted(bool isEarlierVersion)
    {
        await using var world = await StartAsync(silo =>
        {
            if (isEarlierVersion)
            {
                silo.AddIncomingGrainCallFilter<EarlierControl>();
            }
        });
        var shards = ShardsThatGo(world, East, Asia);
        _faults[(West, nameof(IRegionStore.PromiseAsync), shards[0])] = Task.FromException(new RegionStoreException(RegionStoreFailure.Corrupt, $"The head of {shards[0]} fails its checksum."));
        await LoseAsync(world, East);
        await WhenBegunAsync(world, shards[1..]);
        Assert.False(await HasBegunAsync(world, shards[0]));

        // Its store is mended.
        _faults.Clear();
        await WhenBegunAsync(world, shards);
    }

    [Fact]
    public async Task A_shard_whose_promise_hangs_at_a_survivor_keeps_no_other_from_being_promoted_and_is_promoted_when_it_is_made()
    {
        await using var world = await StartAsync();
        var shards = ShardsThatGo(world, East, Asia);
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _faults[(West, nameof(IRegionStore.PromiseAsync), shards[0])] = hangs.Task;
        await LoseAsync(world, East);
        await WhenBegunAsync(world, shards[1..]);
        Assert.False(await HasBegunAsync(world, shards[0]));

        hangs.SetResult();
        await WhenBegunAsync(world, shards);
    }

    /// <summary>The shards that go to a region later are not woken by anything else: they were never written.</summary>
    [Fact]
    public async Task A_shard_that_does_not_open_keeps_no_other_asleep()
    {
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nothing else ends the question for the shard that does not open.
        await using var world = await StartAsync(static silo =>
        {
            silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromMinutes(5));
            silo.Configure<GrainCollectionOptions>(static options => options.ActivationTimeout = TimeSpan.FromMinutes(5));
        });
        var first = ShardsThatGo(world, East, Asia);
        var later = ShardsThatGo(world, West, null);
        _faults[(Asia, nameof(IRegionStore.ReadHeadAsync), first[0])] = hangs.Task;
        try
        {
            await FailOverAsync(world, East);
            await WhenBegunAsync(world, first[1..]);
            await FailOverAsync(world, West);
            await WhenBegunAsync(world, later);
        }
        finally
        {
            hangs.SetResult();
        }
    }

    [Fact]
    public async Task A_shard_whose_maintenance_hangs_keeps_no_other_from_being_maintained_and_no_home_from_moving()
    {
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var world = await StartAsync(static silo => silo.Services.Configure<GeoLimits>(static limits => limits.CheckpointInterval = TimeSpan.FromMilliseconds(50)));
        var keys = Enumerable.Range(0, 1000).Select(static i => $"kept-{i}").Where(key => world.HomeOf(West, "test.ledger", key) == West).DistinctBy(key => ShardOf(world, key)).Take(6).ToList();
        keys = [.. keys.OrderBy(key => Topology(world, West).Map.IndexOf(ShardOf(world, key)))];
        _faults[(West, nameof(IRegionStore.CheckpointAsync), ShardOf(world, keys[0]))] = hangs.Task;
        try
        {
            foreach (var key in keys)
            {
                await world.Ledger(West, key).Append("1");
            }

            foreach (var key in keys[1..])
            {
                await Wait.UntilAsync($"the shard of {key} has a checkpoint", async () => (await world[West].Store.ReadHeadAsync(ShardOf(world, key))).Checkpoint.Value > 0);
            }

            Assert.Equal(0, (await world[West].Store.ReadHeadAsync(ShardOf(world, keys[0]))).Checkpoint.Value);
            await world.DrainAsync(Asia, West);
            foreach (var key in keys[1..])
            {
                await Wait.UntilAsync($"the home of {key} has moved", () => Task.FromResult(world.HomeOf(Asia, "test.ledger", key) != West));
            }
        }
        finally
        {
            hangs.SetResult();
        }
    }

    /// <summary>Cut off first: a region that stops as planned hands over what it can, and promises until its end.</summary>
    private static async Task LoseAsync(BreakableWorld world, string region)
    {
        world.CutOff(region);
        await world[region].StopAsync();
    }

    private Task<BreakableWorld> StartAsync(Action<ISiloBuilder>? configureSilo = null) => BreakableWorld.StartAsync(
        configureSilo: configureSilo,
        wrap: (region, store) => ShardFaultStore.Of(store, (method, shard) => _faults.GetValueOrDefault((region.Name, method, shard))));

    /// <summary>The shards that are at home in a region, and go to another one when that is lost; null: wherever they go.</summary>
    private static ShardId[] ShardsThatGo(BreakableWorld world, string from, string? to)
    {
        var map = Topology(world, West).Map;
        return
        [
            .. Enumerable.Range(0, map.Count)
                .Where(shard => map.PreferredHome(shard).Name == from && (to is null || map.Prefer(shard, region => region.Name != from)!.Value.Name == to))
                .Select(shard => map[shard]),
        ];
    }

    /// <summary>Whether the shard's second epoch has begun in Asia.</summary>
    private static async Task<bool> HasBegunAsync(BreakableWorld world, ShardId shard) => (await world[Asia].Store.ReadHeadAsync(shard)).LastEpoch >= 2;

    private static async Task WhenBegunAsync(BreakableWorld world, IEnumerable<ShardId> shards)
    {
        foreach (var shard in shards)
        {
            await Wait.UntilAsync($"{shard} is promoted", () => HasBegunAsync(world, shard));
        }
    }

    private static WorldTopology Topology(BreakableWorld world, string region) => world[region].Services.First().GetRequiredService<IGeoWorld>().Topology;

    private static ShardId ShardOf(BreakableWorld world, string key) =>
        world[West].Services.First().GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard;

    /// <summary>A machine that stands still may cost the region that is to be home its lease, for a moment.</summary>
    private static Task FailOverAsync(BreakableWorld world, string region) => Wait.UntilAsync($"{region} is failed over", async () =>
    {
        try
        {
            await world.Admin(Asia).FailoverAsync(new(region));
            return true;
        }
        catch (GeoException)
        {
            return false;
        }
    });
}
