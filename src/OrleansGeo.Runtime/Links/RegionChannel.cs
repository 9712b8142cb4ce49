using Orleans.Metadata;
using Orleans.Runtime;

namespace OrleansGeo.Runtime.Links;

/// <summary>One connection's lifetime to a peer region. A cut ends it for good; the link then makes another.</summary>
/// <remarks>
/// Calls in flight when it ends, and calls made later, fail at once: with <see cref="SiloUnavailableException"/> or another
/// <see cref="OrleansException"/>, or with <see cref="ObjectDisposedException"/>, and then <paramref name="Closed"/> is cancelled already. Whether the
/// peer did what was asked is unknown. A channel to a peer of several gateways ends when one of them is lost: the next channel is up
/// by then, and calls that went through the others may still be answered.
/// </remarks>
/// <param name="ReferenceRuntime">Sends any request of any reference to the peer's cluster.</param>
/// <param name="Grains">Makes references that are bound to the peer's cluster.</param>
/// <param name="Closed">Cancelled when the channel ends; every call in flight on it then fails.</param>
internal sealed record RegionChannel(IGrainReferenceRuntime ReferenceRuntime, IGrainFactory Grains, CancellationToken Closed)
{
    /// <summary>What the silos of the peer's cluster host, as far as the peer has told.</summary>
    internal Func<IEnumerable<GrainManifest>> Manifests { get; init; } = static () => [];
}
