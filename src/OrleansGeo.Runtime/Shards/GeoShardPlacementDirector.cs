using Orleans.Runtime.Placement;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Asks where the shard is. Hashing over silos instead would drift away from the shards whenever a silo joins.</summary>
internal sealed class GeoShardPlacementDirector(
    GeoGrainPolicies policies, CurrentTopology topology, LocalShards locals, ILocalSiloDetails silo, IGrainFactory grains) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        if (!policies.TryGet(target.GrainIdentity.Type, out var policy))
        {
            throw new InvalidOperationException($"{target.GrainIdentity} is placed as a geo grain and is not one.");
        }

        var shard = policy.Locate(topology.Value, target.GrainIdentity.Key.AsSpan());
        return locals.TryGet(shard, out _)
            ? silo.SiloAddress
            : await grains.GetGrain<IShardGrain>(topology.Value.Map[shard].Name).Locate();
    }
}
