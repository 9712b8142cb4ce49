using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Placement;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A row of another region goes where the own row of the same entities is: their activations merge both.</summary>
internal sealed class ShardGrainPlacementDirector(CurrentTopology topology, IOptions<GeoOptions> options, IGrainFactory grains) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var map = topology.Value.Map;
        var name = target.GrainIdentity.Key.ToString()!;
        var index = map.IndexOf(new ShardId(name));
        if (index >= 0 && map.IsRow(index) && map.OwnerOf(index) != options.Value.Self)
        {
            return await grains.GetGrain<IShardGrain>(map[map.RowBeside(index, options.Value.Self)].Name).Locate();
        }

        var silos = context.GetCompatibleSilos(target);
        Array.Sort(silos);
        return silos[(int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)) % (uint)silos.Length)];
    }
}
