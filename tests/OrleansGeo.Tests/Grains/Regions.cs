using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.World;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What tests of grains ask of a world again and again.</summary>
internal static class Regions
{
    /// <summary>What grains told the call logs of all running silos.</summary>
    public static string[] Told(this GeoTestCluster world) =>
    [
        .. world.Regions.Where(static region => region.IsRunning)
            .SelectMany(static region => region.Services)
            .Select(static services => services.GetService<CallLog>())
            .OfType<CallLog>()
            .SelectMany(static log => log.Calls),
    ];

    public static int Told(this GeoTestCluster world, string text) => world.Told().Count(told => told == text);

    public static Task PinAsync(this GeoTestCluster world, string type, string key, string region) => Wait.ForAsync(
        $"{type}/{key} is in {region}",
        world.Regions.First(static region => region.IsRunning).Services.First().GetRequiredService<IGeoAdmin>().PinAsync(GrainId.Create(type, key), new(region)));

    /// <summary>Does something before the entity leaves its home, a region that it is in, beside what its grain does then; until the registration is disposed.</summary>
    public static IDisposable OnLeaving(this GeoTestRegion region, string type, string key, Func<Task> action)
    {
        var id = GrainId.Create(type, key);
        var shard = region.Services.First().GetRequiredService<IGeoWorld>().Locate(id)!.Value.Shard;
        var home = region.Services.Select(static services => services.GetService<LocalShards>()).OfType<LocalShards>()
            .SelectMany(static shards => shards.All).OfType<HomeShard>().Single(home => home.Id == shard);
        return home.Leaving.OnLeaving(_ => action(), id.ToString());
    }

    /// <summary>Reads at the home.</summary>
    public static async Task<T> StronglyAsync<T>(Func<Task<T>> read)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await Wait.ForAsync("a strong read is answered", read());
    }

    /// <summary>The shard that an entity's key belongs to, as it is at home now.</summary>
    public static HomeShard HomeShardOf(this GeoTestCluster world, string type, string key) => world.TryHomeShardOf(type, key, out _)!;

    /// <summary>Hands the shard of an entity's key over to another region, as planned. Completes when the home that it had is closed, and what took its place there is open.</summary>
    public static async Task HandOverAsync(this GeoTestCluster world, string type, string key, string to)
    {
        var shard = world.TryHomeShardOf(type, key, out var home)!;
        var index = await world.ReserveAsync(home, shard, to);
        await Wait.UntilAsync($"{shard.Id} has left {home.Region}", () => Task.FromResult(
            !shard.IsOpen && home.Locals().Any(locals => locals.TryGet(index, out var next) && next != shard)));
    }

    /// <summary>Takes a shard back that was handed over: it may be on its way by itself already.</summary>
    public static Task TakeBackAsync(this GeoTestCluster world, string type, string key, string to) => Wait.UntilAsync($"the shard of {type}/{key} is in {to} again", async () =>
    {
        if (world.TryHomeShardOf(type, key, out var home) is { } shard && home.Region.Name != to)
        {
            await world.ReserveAsync(home, shard, to);
        }

        return world.Regions.All(region => region.Services.First().GetRequiredService<IGeoWorld>().Locate(GrainId.Create(type, key))!.Value.Home.Region.Name == to);
    });

    private static HomeShard? TryHomeShardOf(this GeoTestCluster world, string type, string key, out GeoTestRegion home)
    {
        home = world.HomeOf(type, key);
        var id = home.Services.First().GetRequiredService<IGeoWorld>().Locate(GrainId.Create(type, key))!.Value.Shard;
        return home.Locals().SelectMany(static locals => locals.All).OfType<HomeShard>().SingleOrDefault(shard => shard.Id == id);
    }

    private static async Task<int> ReserveAsync(this GeoTestCluster world, GeoTestRegion home, HomeShard shard, string to)
    {
        var services = home.Services.First();
        var index = services.GetRequiredService<IGeoWorld>().Topology.Map.IndexOf(shard.Id);
        await Wait.ForAsync("the hand-over is decided", services.GetRequiredService<ControlFollower>().ChangeAsync(
            TopologyChangeWire.Reserve(home.Region, new() { [index] = world[to].Region }), CancellationToken.None));
        return index;
    }

    private static IEnumerable<LocalShards> Locals(this GeoTestRegion region) =>
        region.Services.Select(static services => services.GetService<LocalShards>()).OfType<LocalShards>();
}
