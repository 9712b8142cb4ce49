using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.World;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Hosting;

/// <summary>A host that uses the library and is told to stop: SIGTERM, <c>IHost.StopAsync</c>.</summary>
[MostlyWaits]
public sealed class ShutdownTests
{
    /// <summary>Far above what stopping takes where nothing can be handed over, far below <see cref="Forever"/>.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Forever = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_region_that_stops_hands_its_homes_over_as_planned_and_no_request_fails()
    {
        await using var world = new HostWorld();
        await world.StartAllAsync();
        var leaver = new RegionId(HostWorld.West);
        var left = HomesIn(world, HostWorld.West);
        Assert.NotEmpty(left);
        var loads = new[] { HostWorld.East, HostWorld.Asia }
            .Select(region => new SteadyLoad([.. KeysIn(world, left, $"from-{region}").Select(key => world.Grains(region).GetGrain<ILedger>(key))])).ToList();
        await using var watch = new EventWatch(world.Service<IGeoAdmin>(HostWorld.East), world.Service<IGeoAdmin>(HostWorld.Asia));

        await world.StopAsync(HostWorld.West).WaitAsync(Patience);

        await Wait.UntilAsync("the others are home of what it had", () => Task.FromResult(HomesIn(world, HostWorld.West).Count == 0));
        await Task.WhenAll(loads.Select(static load => load.StopAsync()));
        await Wait.UntilAsync("every hand-over was seen", () => Task.FromResult(left.All(shard => watch.Shards(GeoEventType.HandedOver).Contains(shard))));
        Assert.Empty(watch.Shards(GeoEventType.Promoted));
        Assert.Equal(RegionMode.Leaving, world.Topology(HostWorld.East).StateOf(leaver).Mode);

        await world.StartAsync(HostWorld.West);
        await Wait.UntilAsync("it has its homes again", () => Task.FromResult(HomesIn(world, HostWorld.West).Count == left.Count));
        Assert.Empty(watch.Shards(GeoEventType.Promoted));
    }

    [Fact]
    public async Task A_silo_that_stops_beside_another_of_its_region_leaves_the_homes_there()
    {
        await using var world = new HostWorld();
        await world.StartAllAsync();
        await world.StartAsync(HostWorld.West, 1);
        var homes = HomesIn(world, HostWorld.West);
        var key = KeysIn(world, homes, "beside")[0];
        Assert.Equal(1, await world.Grains(HostWorld.East).GetGrain<ILedger>(key).Append("1"));

        await world.StopAsync(HostWorld.West, 1).WaitAsync(Patience);

        Assert.Equal(2, await world.Grains(HostWorld.East).GetGrain<ILedger>(key).Append("2"));
        Assert.Equal(RegionMode.Normal, world.Topology(HostWorld.West).StateOf(new(HostWorld.West)).Mode);
        Assert.Equal(homes, HomesIn(world, HostWorld.West));
    }

    [Fact]
    public async Task A_region_that_is_alone_stops_without_waiting()
    {
        await using var world = new HostWorld { Geo = WaitsForever };
        await world.StartAsync(HostWorld.West);

        await world.StopAsync(HostWorld.West).WaitAsync(Patience);

        Assert.Contains(world.Log.Lines, static line => line.Contains("has not held a lease since it started", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_region_that_loses_the_others_while_it_hands_over_stops_all_the_same()
    {
        await using var world = new HostWorld { Geo = WaitsForever };
        await world.StartAllAsync();

        // Nothing can be decided any more, and it does not know that yet.
        await Task.WhenAll(world.KillAsync(HostWorld.East), world.KillAsync(HostWorld.Asia));
        await world.StopAsync(HostWorld.West).WaitAsync(Patience);

        Assert.Contains(world.Log.Lines, static line => line.Contains("This is the region's last silo, and ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_is_told_not_to_hand_over_is_promoted_elsewhere()
    {
        await using var world = new HostWorld { Geo = static geo => geo.Shutdown(static options => options.DrainPeriod = TimeSpan.Zero) };
        await world.StartAllAsync();
        await using var watch = new EventWatch(world.Service<IGeoAdmin>(HostWorld.East), world.Service<IGeoAdmin>(HostWorld.Asia));

        await world.StopAsync(HostWorld.West).WaitAsync(Patience);

        await Wait.UntilAsync("the others are home of what it had", () => Task.FromResult(HomesIn(world, HostWorld.West).Count == 0));
        Assert.Empty(watch.Shards(GeoEventType.HandedOver));
        Assert.Equal(RegionMode.Normal, world.Topology(HostWorld.East).StateOf(new(HostWorld.West)).Mode);
    }

    [Theory]
    [InlineData(15, 15)]
    [InlineData(-1, 30)]
    public async Task A_period_that_cannot_be_kept_stops_the_start(int drainSeconds, int hostSeconds)
    {
        await using var world = new HostWorld { Geo = geo => Configure(geo, TimeSpan.FromSeconds(drainSeconds), TimeSpan.FromSeconds(hostSeconds)) };

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => world.StartAsync(HostWorld.West));

        Assert.Contains("ShutdownOptions.DrainPeriod is ", exception.Message, StringComparison.Ordinal);
    }

    private static void WaitsForever(GeoBuilder geo) => Configure(geo, Forever, Forever * 2);

    private static void Configure(GeoBuilder geo, TimeSpan drain, TimeSpan host)
    {
        geo.Shutdown(options => options.DrainPeriod = drain);
        geo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = host);
    }

    private static List<string> HomesIn(HostWorld world, string region)
    {
        var topology = world.Topology(HostWorld.East);
        return [.. Enumerable.Range(0, topology.Map.Count).Where(shard => topology.HomeOf(shard).Region.Name == region).Select(shard => topology.Map[shard].Name)];
    }

    /// <summary>A key in each of these shards that ledgers can be in.</summary>
    private static List<string> KeysIn(HostWorld world, List<string> shards, string prefix)
    {
        var places = world.Service<IGeoWorld>(HostWorld.East);
        return [.. Enumerable.Range(0, 300).Select(index => $"{prefix}-{index}").DistinctBy(Shard).Where(key => shards.Contains(Shard(key)))];

        string Shard(string key) => places.Locate(Orleans.Runtime.GrainId.Create("test.ledger", key))!.Value.Shard.Name;
    }
}
