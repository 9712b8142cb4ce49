using System.Net;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>A peer region and the gateways of its silos.</summary>
/// <param name="Region">The peer.</param>
/// <param name="Gateways">
/// Address and gateway port of each silo, as the silo advertises them: Orleans does not answer a client that dialled it by another address.
/// A link is up while it is connected to one of them.
/// </param>
public sealed record PeerOptions(RegionId Region, IReadOnlyList<IPEndPoint> Gateways);
