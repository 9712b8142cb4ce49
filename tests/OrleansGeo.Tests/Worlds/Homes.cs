using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.World;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Worlds;

internal static class Homes
{
    /// <summary>Every region is linked, and every home is at the region that should have it. A machine that stands still while the regions start may cost one of them its first lease, and its homes.</summary>
    public static async Task WhenSettledAsync(this GeoTestCluster world)
    {
        await world.WhenLinkedAsync();
        var services = world.Regions.First().Services.First();
        if (!IsSettled())
        {
            await Task.WhenAll(world.Regions.Select(region => services.GetRequiredService<IGeoAdmin>().RestoreAsync(region.Region)));
            await Wait.UntilAsync("every home is where it should be", () => Task.FromResult(IsSettled()));
        }

        bool IsSettled()
        {
            var topology = services.GetRequiredService<IGeoWorld>().Topology;
            return Enumerable.Range(0, topology.Map.Count).All(shard => topology.HomeOf(shard).Region == topology.Map.PreferredHome(shard));
        }
    }

    public static (GeoTestRegion Home, GeoTestRegion Away) HomeAndAway(this GeoTestCluster world, string type, string key)
    {
        var home = world.HomeOf(type, key);
        return (home, world.Regions.First(region => region != home));
    }

    public static GeoTestRegion HomeOf(this GeoTestCluster world, string type, string key)
    {
        var services = world.Regions.First(region => region.IsRunning).Services.First();
        var location = services.GetRequiredService<IGeoWorld>().Locate(GrainId.Create(type, key));
        return world[location!.Value.Home.Region.Name];
    }

    /// <summary>A key of this type whose home is the region.</summary>
    public static string KeyIn(this GeoTestCluster world, string region, string type, string prefix) =>
        Enumerable.Range(0, 1000).Select(i => $"{prefix}-{i}").First(key => world.HomeOf(type, key).Region.Name == region);

    /// <summary>The last entry that the region's store has of the entity's shard.</summary>
    public static async Task<long> LastEntryAsync(this GeoTestRegion region, string type, string key)
    {
        var location = region.Services.First().GetRequiredService<IGeoWorld>().Locate(GrainId.Create(type, key));
        return (await region.Store.ReadHeadAsync(location!.Value.Shard)).Last.Value;
    }

    /// <summary>Whether any process of the region is linked to the other.</summary>
    public static bool IsLinked(this GeoTestCluster world, string from, string to) => world[from].Services.Any(services =>
        services.GetRequiredService<IRegionLinks>().TryGet(new RegionId(to), out var link) && link.TryGetChannel(out _));
}
