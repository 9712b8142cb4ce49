using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>A peer region and the gateways of its silos.</summary>
/// <param name="Region">The peer.</param>
/// <param name="Gateways">
/// Address or name, and gateway port, of each silo; a name that leads to several silos counts as one gateway. A link is up while it is connected to one of them.
/// </param>
public sealed record PeerOptions(RegionId Region, IReadOnlyList<GatewayAddress> Gateways);
