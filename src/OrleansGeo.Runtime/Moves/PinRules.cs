using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Moves;

/// <summary>To which shards entities may be moved now.</summary>
internal sealed class PinRules(CurrentTopology topology, RegionAuthority authority)
{
    /// <summary>The region's own shard that would take the entity.</summary>
    public int ShardIn(RegionId region, GeoGrainPolicy policy, GrainId entity) =>
        topology.Value.Map.Locate(policy.Durability, HomeChoice.In(topology.Value.Regions.IndexOf(region), entity.Key.AsSpan()));

    /// <summary>Why nothing can be moved to the region's shard now: an entity would be at home elsewhere. Null: it can.</summary>
    public GeoError? ObstacleTo(RegionId region, int shard)
    {
        var decided = topology.Decided;
        if (!decided.Map.Preferences.CanBeHome(region))
        {
            return new(GeoErrorCode.InvalidArgument, $"{region} is a witness: it is home of nothing, so no entity can be pinned to it. Nothing happened.");
        }

        if (decided.StateOf(region).Mode == RegionMode.Leaving)
        {
            return new(GeoErrorCode.Draining, $"{region} is stopping: pin to it once it has started again. Nothing happened.", TimeSpan.FromSeconds(5));
        }

        if (decided.StateOf(region).Mode == RegionMode.Drained)
        {
            return new(
                GeoErrorCode.Draining, $"{region} is drained: pin to it once it is restored (POST /v1/geo/regions/{region}/restore). Nothing happened.", TimeSpan.FromSeconds(5));
        }

        // What homes said of themselves counts, too: the topology that was decided follows a hand-over.
        var home = topology.Value.HomeOf(shard).Region;
        return authority.HealthOf(region).IsLive && home == region ? null : new(
            GeoErrorCode.HomeUnavailable,
            $"{region} is down, or not home of its shard {decided.Map[shard]} now ({home} is): pin to it once it has its homes back. Nothing happened.",
            TimeSpan.FromSeconds(5));
    }
}
