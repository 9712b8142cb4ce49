using Orleans.Runtime.Placement;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Asks where the shard is. Hashing over silos instead would drift away from the shards whenever a silo joins.</summary>
internal sealed class GeoShardPlacementDirector(
    GeoGrainPolicies policies, CurrentTopology topology, LocalShards locals, EntityPlaces places, ILocalSiloDetails silo, IGrainFactory grains) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        if (!policies.TryGet(target.GrainIdentity.Type, out var policy))
        {
            throw new InvalidOperationException($"{target.GrainIdentity} is placed as a geo grain and is not one.");
        }

        // The silo of the shard of its key hears of it first when an entity was moved.
        var shard = policy.Locate(topology.Value, target.GrainIdentity.Key.AsSpan());
        return locals.TryGet(shard, out _) && !places.Moved.TryFind(target.GrainIdentity, out _)
            ? silo.SiloAddress
            : await grains.GetGrain<IShardGrain>(topology.Value.Map[shard].Name).Place(target.GrainIdentity);
    }
}
