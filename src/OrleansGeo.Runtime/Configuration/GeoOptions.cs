using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>What a process must know to take part in a world.</summary>
public sealed class GeoOptions
{
    /// <summary>The region of this process. Required.</summary>
    public string Region { get; set; } = "";

    /// <summary>Every region of the world, in the same order everywhere. Default: those that <see cref="Peers"/> names, in its order; if it names none, this region alone.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>The other regions and the gateways of their silos. Required for every region but this one, which may be among them.</summary>
    public IList<PeerOptions> Peers { get; } = [];

    /// <summary>Hash shards per family. Fixed when the world is created. Default 64.</summary>
    public int HashShards { get; set; } = 64;

    /// <summary>Affine shards per family and region. Fixed when the world is created. Default 8.</summary>
    public int AffineShardsPerRegion { get; set; } = 8;

    /// <summary>
    /// Active-passive: the primary region, which is to be home of every shard, then those that take over, in this order. Default empty: active-active,
    /// homes are spread over all regions. The same in every region; may be changed for an existing world, whose homes then move, planned.
    /// </summary>
    public IList<string> Priority { get; } = [];

    /// <summary>Regions that are never home: they vote and hold replicas. Default none. The same in every region.</summary>
    public IList<string> Witnesses { get; } = [];

    /// <summary>
    /// How often each other region is asked where its logs stand, which is how staleness is measured: what is reported is up to this and a round trip
    /// above the true one. Default 200 ms.
    /// </summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Names of storages of geo grains' states that stay in their region and are not replicated. Default none: all states are in the storage <c>geo</c>.</summary>
    public ISet<string> LocalStorages { get; } = new HashSet<string>(StringComparer.Ordinal);

    internal RegionId Self => new(Region);

    /// <summary>Where silos of the own region are, for a client.</summary>
    internal IReadOnlyList<GatewayAddress> OwnGateways { get; private set; } = [];

    /// <summary>
    /// A host may name its own region as it names the others, so that one list serves every process: then the list is the world, in its order. A region that names none is a world of its own.
    /// </summary>
    internal void Complete()
    {
        if (Regions.Count == 0)
        {
            foreach (var region in Peers.Count == 0 ? [Region] : Peers.Select(static peer => peer.Region.Name))
            {
                Regions.Add(region);
            }
        }

        if (Peers.FirstOrDefault(peer => peer.Region.Name == Region) is { } own)
        {
            OwnGateways = own.Gateways;
            Peers.Remove(own);
        }
    }

    /// <summary>What the region's store must belong to.</summary>
    internal StoreWorld ToStoreWorld(string serviceId) => new(Self, serviceId, HashShards, AffineShardsPerRegion);
}
