using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Api.Geo;

/// <summary>What the world looks like, in the shape of the web API.</summary>
internal static class GeoViews
{
    public static TopologyView Topology(IGeoWorld world)
    {
        var known = world.TakeSnapshot();
        return new(known.Version, [.. known.Regions.Select(InTopology)], [.. known.Shards.Select(Shard)]);
    }

    public static RegionsView Regions(IGeoWorld world) => new(world.Region.Name, [.. world.GetRegions().Select(Region)]);

    public static HomeView Home(GrainId entity, EntityLocation location) =>
        new(entity.ToString(), location.Shard.Name, location.Home.Region.Name, location.Home.Epoch, location.IsPinned);

    private static TopologyRegionView InTopology(RegionStatus region) =>
        new(region.Region.Name, State(region), Lease(region), region.Generation, Mode(region.Mode));

    private static TopologyShardView Shard(ShardStatus shard) =>
        new(shard.Shard.Name, shard.Home.Region.Name, shard.Home.Epoch, shard.HandingOverTo?.Name, shard.Preferred.Name);

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
