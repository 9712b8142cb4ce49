using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>The way to one peer region. Connects by itself, measures its round trip, fails calls in flight when it is cut, and reconnects.</summary>
internal interface IRegionLink
{
    RegionId Peer { get; }

    /// <summary>The round trip measured last; null before the first.</summary>
    TimeSpan? RoundTrip { get; }

    /// <summary>Why the link is down, in words for an error message; null while it is up.</summary>
    string? DownReason { get; }

    /// <summary>The channel that is up now. Cheap: one volatile read.</summary>
    bool TryGetChannel([NotNullWhen(true)] out RegionChannel? channel);

    /// <summary>Completes when a channel is up (at once if one is).</summary>
    Task<RegionChannel> WhenUpAsync(CancellationToken cancellationToken);
}
