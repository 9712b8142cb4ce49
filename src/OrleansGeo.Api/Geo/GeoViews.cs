using OrleansGeo.Runtime.World;

namespace OrleansGeo.Api.Geo;

/// <summary>What the world looks like, in the shape of the web API.</summary>
internal static class GeoViews
{
    public static TopologyView Topology(IGeoWorld world)
    {
        // One snapshot: the topology may change between two looks at it.
        var topology = world.Topology;
        return new(
            topology.Version,
            [.. world.GetRegions().Select(static region => new TopologyRegionView(region.Region.Name, State(region)))],
            [.. Enumerable.Range(0, topology.Map.Count).Select(shard => Shard(topology.Map[shard].Name, topology.HomeOf(shard).Region.Name, topology.HomeOf(shard).Epoch))]);
    }

    public static RegionsView Regions(IGeoWorld world) => new(world.Region.Name, [.. world.GetRegions().Select(Region)]);

    public static HomeView Home(GrainId entity, EntityLocation location) =>
        new(entity.ToString(), location.Shard.Name, location.Home.Region.Name, location.Home.Epoch, Pinned: false);

    private static TopologyShardView Shard(string shard, string home, long epoch) => new(shard, home, epoch);

    private static RegionView Region(RegionStatus region) => new(
        region.Region.Name,
        State(region),
        region.IsUp ? null : region.DownReason,
        region.RoundTrip is { } roundTrip ? Math.Round(roundTrip.TotalMilliseconds, 3) : null,
        region.LagEntries,
        region.ShardsHomed);

    private static string State(RegionStatus region) => region.IsUp ? "up" : "down";
}
