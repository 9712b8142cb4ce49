using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Ledgers;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A planned change of home, seen from the home that is left.</summary>
[MostlyWaits]
public sealed class HandOverTests
{
    private const int HalfRoundTripMs = 200;

    /// <summary>Before the shard leaves, what is only in memory may still be written, and the new home has it.</summary>
    [Fact]
    public async Task What_is_written_when_the_shard_is_about_to_leave_goes_along()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "leaving");
        await world.Ledger(West, key).Append("1");
        var services = world[West].Services.First();
        var index = services.GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard;
        var home = services.GetRequiredService<LocalShards>().All.OfType<HomeShard>().Single(home => home.Id == index);
        StageResult written = default;
        using var registration = home.Leaving.OnLeaving(async _ =>
        {
            var live = await home.HoldAsync("test.beside/it");
            written = home.Stage(new(live, live.Current!.Version, RequestId.None, 0, [new("memory", new byte[] { 7 })], default), out var _);
            home.Release(live);
        });

        await world.DrainAsync(West, West);
        await world.WhenHomesAsync(West, West, static homes => homes == 0);
        Assert.Equal(StageVerdict.Staged, written.Verdict);
        var next = world.HomeOf(West, "test.ledger", key);
        var there = world[next].Services.First().GetRequiredService<LocalShards>().All.Single(shard => shard.Id == index);
        Assert.Equal(new byte[] { 7 }, (await there.PeekAsync("test.beside/it")).Find("memory")!.Bytes!.Value.ToArray());
    }

    /// <summary>The old home goes on acknowledging what it staged, for as long as that takes: meanwhile the new one takes writes, of which it shows nothing.</summary>
    [Fact]
    public async Task The_old_home_does_not_say_that_it_is_fresh_once_the_new_one_may_write()
    {
        await using var world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            SilosPerRegion = 1,
            Wan = WanMatrix.Parse($$$"""{"westeurope":{"eastus2":{{{2 * HalfRoundTripMs}}},"southeastasia":{{{2 * HalfRoundTripMs}}}}}""", Names),
            CreateStore = static _ => new MemoryRegionStore(new MemoryRegionDisk()),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),
            ConfigureGeo = static geo => geo.Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(12)),
        });
        await world.WhenSettledAsync();
        var services = world[West].Services.First();
        var key = world.KeyIn(West, "test.ledger", "aging");
        var id = services.GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard;
        await world[West].Grains.GetGrain<ILedger>(key).Append("1");
        var home = services.GetRequiredService<LocalShards>().All.OfType<HomeShard>().Single(home => home.Id == id);
        using var load = new CancellationTokenSource();
        var loading = LoadAsync(home, load.Token);

        // What is taken in the place of the old home's word: the moment in which the new one opens. The old one hears of that half a round trip later.
        var topology = services.GetRequiredService<CurrentTopology>();
        var said = new TaskCompletionSource<(bool IsOpen, bool HasHeard, int StalenessMs)>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var region in Names.Where(static name => name != West))
        {
            world[region].Services.First().GetRequiredService<LocalShards>().Added += (_, shard) =>
            {
                if (shard is HomeShard && shard.Id == id)
                {
                    said.TrySetResult((home.IsOpen, topology.Decided.HomeOf(topology.Decided.Map.IndexOf(id)).Region.Name != West, home.StalenessMs));
                }
            };
        }

        var drained = services.GetRequiredService<IGeoAdmin>().DrainAsync(new(West));
        var (isOpen, hasHeard, staleness) = await Wait.ForAsync("what the old home says when the new one opens", said.Task);
        await load.CancelAsync();

        // On a busy machine it may have acknowledged everything before the new one opens, or its region lose the lease; what it then says is to be true, too.
        var why = await WhyClosedAsync(home);
        Assert.True(
            isOpen || hasHeard || why.EndsWith("it was handed over", StringComparison.Ordinal) || why.EndsWith("its region's lease ended", StringComparison.Ordinal),
            $"The old home closed before it knew of the new one: {why}");

        // The token takes half a round trip, and nothing may be claimed that is younger than it.
        Assert.True(staleness is -1 or >= HalfRoundTripMs, $"The new home opens, and the old one, which sent its token {HalfRoundTripMs} ms ago, says that it is {staleness} ms old.");
        await loading;
        await drained;
    }

    private static async Task<string> WhyClosedAsync(HomeShard home)
    {
        try
        {
            home.Release(await home.HoldAsync("test.beside/it"));
            return "it is open";
        }
        catch (ShardClosedException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Something is always on its way to a majority.</summary>
    private static async Task LoadAsync(HomeShard home, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && home.IsOpen)
        {
            try
            {
                var live = await home.HoldAsync("test.beside/it");
                home.Stage(new(live, live.Current!.Version, RequestId.None, 0, [new("memory", new byte[] { 7 })], default), out _);
                home.Release(live);
            }
            catch (ShardClosedException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
