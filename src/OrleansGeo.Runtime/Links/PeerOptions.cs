using System.Net;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>A peer region and the gateways of its silos.</summary>
public sealed record PeerOptions(RegionId Region, IReadOnlyList<IPEndPoint> Gateways);
