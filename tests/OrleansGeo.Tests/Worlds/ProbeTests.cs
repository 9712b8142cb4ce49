using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Hosting;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Freshness;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>How fresh reads are known to be, when a silo of the home's region does not say where its logs stand.</summary>
[MostlyWaits]
public sealed class ProbeTests
{
    [Fact]
    public async Task A_silo_that_does_not_answer_costs_the_shards_of_the_others_no_freshness()
    {
        await using var world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = static _ => new MemoryRegionStore(new()),

            // Nothing here is about leases, and a slow machine must not move homes.
            ConfigureGeo = static geo => geo.Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(30)),
            ConfigureSilo = static silo =>
            {
                silo.Services.AddSingleton<CallLog>();
                silo.Services.AddSingleton<SilentSilo>();
                silo.Services.AddSingleton<IIncomingGrainCallFilter>(static services => services.GetRequiredService<SilentSilo>());
            },
        });
        await world.WhenSettledAsync();
        var silos = world[East].Services.Take(2).ToList();
        var shards = new int?[2];
        for (var i = 0; shards.Contains(null); i++)
        {
            var key = world.KeyIn(East, "test.ledger", $"probed-{i}");
            await world[East].Grains.GetGrain<ILedger>(key).Append("1");
            var topology = silos[0].GetRequiredService<IGeoWorld>();
            var shard = topology.Topology.Map.IndexOf(topology.Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard);
            shards[silos.FindIndex(silo => silo.GetRequiredService<LocalShards>().TryGet(shard, out var home) && home.IsHome)] = shard;
        }

        await Wait.UntilAsync("both are known to be fresh", () => Task.FromResult(shards.All(shard => StalenessIn(world, shard!.Value) is >= 0 and < 1000)));

        // The silo that others ask answers for itself without a message.
        var filters = silos.Select(static silo => silo.GetRequiredService<SilentSilo>()).ToList();
        try
        {
            filters.ForEach(static filter => filter.IsSilent = true);
            await Wait.ForAsync("one is asked", Task.WhenAny(filters.Select(static filter => filter.Asked)));
            var (silent, other) = filters[0].Asked.IsCompleted ? (shards[0]!.Value, shards[1]!.Value) : (shards[1]!.Value, shards[0]!.Value);

            // At one moment: a machine that is busy may answer a probe late, once.
            await Wait.UntilAsync(
                "what the silent one has is not known to be fresh, and what the other one has is",
                () => Task.FromResult(StalenessIn(world, silent) > 3000 && StalenessIn(world, other) is >= 0 and < 1500));
        }
        finally
        {
            filters.ForEach(static filter => filter.End());
        }
    }

    /// <summary>A silo that is about to join is known to be active before grains are placed on it: what should speak for it is placed on another one.</summary>
    [Fact]
    public async Task What_speaks_for_a_silo_and_was_placed_on_another_one_comes_to_its_own()
    {
        await using var world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = static _ => new MemoryRegionStore(new()),
            ConfigureGeo = static geo => geo.Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(30)),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),
        });
        await world.WhenSettledAsync();
        var silos = world[East].Services.Take(2).ToList();
        var (one, other) = (silos[0].GetRequiredService<ILocalSiloDetails>().SiloAddress, silos[1].GetRequiredService<ILocalSiloDetails>().SiloAddress);
        var grains = silos[0].GetRequiredService<IGrainFactory>();
        var speaker = grains.GetGrain<IProbeGrain>(other.ToParsableString());
        var management = grains.GetGrain<IManagementGrain>(0);

        Assert.NotEqual(one, other);

        // Placed where it is asked for, which is the wrong one, unless a probe comes in between.
        for (var i = 0; i < 5; i++)
        {
            await speaker.Cast<IGrainManagementExtension>().DeactivateOnIdle();
            await speaker.AskSilo();
        }

        await Wait.UntilAsync("it is where it belongs", async () => await management.GetActivationAddress(speaker) is { } at && at.Equals(other));
    }

    /// <summary>The age, at most, of what the first region shows of a shard, in milliseconds; negative: not known.</summary>
    private static int StalenessIn(GeoTestCluster world, int shard) => world[West].Services.Take(2)
        .Select(silo => silo.GetRequiredService<LocalShards>().TryGet(shard, out var replica) ? replica.StalenessMs : -1).Max();
}
