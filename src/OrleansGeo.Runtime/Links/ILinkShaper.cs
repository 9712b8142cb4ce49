using Microsoft.AspNetCore.Connections;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>Makes the network between regions slow, lossy or cut, as development and tests ask for. In production there is none.</summary>
internal interface ILinkShaper
{
    /// <summary>Nothing that this region sends arrives there, so that dialling is in vain.</summary>
    bool IsCut(RegionId to);

    /// <summary>Shapes what a link's client sends to a peer's gateway.</summary>
    void ShapeOutbound(IConnectionBuilder builder, RegionId peer);
}
