using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
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
            [.. world.GetRegions().Select(region => InTopology(region, topology.StateOf(region.Region)))],
            [.. Enumerable.Range(0, topology.Map.Count).Select(shard => Shard(topology.Map[shard], topology[shard]))]);
    }

    public static RegionsView Regions(IGeoWorld world) => new(world.Region.Name, [.. world.GetRegions().Select(Region)]);

    public static HomeView Home(GrainId entity, EntityLocation location) =>
        new(entity.ToString(), location.Shard.Name, location.Home.Region.Name, location.Home.Epoch, location.IsPinned);

    private static TopologyRegionView InTopology(RegionStatus seen, RegionState state) =>
        new(seen.Region.Name, State(seen), Lease(seen), state.Generation, Mode(state.Mode));

    private static TopologyShardView Shard(ShardId shard, ShardState state) =>
        new(shard.Name, state.Home.Region.Name, state.Home.Epoch, state.Reserved?.Name);

    private static RegionView Region(RegionStatus region) => new(
        region.Region.Name,
        State(region),
        region.IsUp ? null : region.DownReason,
        region.RoundTrip is { } roundTrip ? Math.Round(roundTrip.TotalMilliseconds, 3) : null,
        region.LagEntries,
        region.Staleness is { } staleness ? Math.Ceiling(staleness.TotalMilliseconds) : null,
        region.ShardsHomed,
        Lease(region),
        region.Generation,
        Mode(region.Mode));

    private static string State(RegionStatus region) => region.IsUp ? "up" : "down";

    private static string Lease(RegionStatus region) => region.HoldsLease ? "held" : "none";

    private static string Mode(RegionMode mode) => mode switch
    {
        RegionMode.Drained => "drained",
        RegionMode.Restoring => "restoring",
        RegionMode.Leaving => "leaving",
        _ => "normal",
    };
}
