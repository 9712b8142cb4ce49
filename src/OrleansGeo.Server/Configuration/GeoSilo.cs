using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Server.Configuration;

/// <summary>The options of this server as those of the runtime.</summary>
internal static class GeoSilo
{
    /// <summary>Also of options that are not checked yet: what cannot be a region or an address is left out, and the check of it says so.</summary>
    public static void Describe(GeoOptions geo, ServerOptions options)
    {
        geo.Region = options.Region;
        geo.HashShards = options.Shards.Hash;
        geo.AffineShardsPerRegion = options.Shards.PerRegion;
        geo.ProbeInterval = options.ProbeInterval;
        Add(geo.Regions, options.Regions);
        Add(geo.Priority, options.Priority);
        Add(geo.Witnesses, options.Witnesses);
        foreach (var peer in options.Peers.Where(static peer => RegionId.IsValid(peer.Name)))
        {
            geo.Peers.Add(new PeerOptions(new RegionId(peer.Name), [.. peer.Gateways.Select(Gateway).OfType<GatewayAddress>()]));
        }
    }

    private static GatewayAddress? Gateway(string text) => GatewayAddress.TryParse(text, out var gateway) ? gateway : null;

    private static void Add(IList<string> to, List<string> regions)
    {
        foreach (var region in regions)
        {
            to.Add(region);
        }
    }
}
