using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>The links of this process to the peer regions.</summary>
internal interface IRegionLinks
{
    ImmutableArray<IRegionLink> All { get; }

    bool TryGet(RegionId peer, [NotNullWhen(true)] out IRegionLink? link);
}
