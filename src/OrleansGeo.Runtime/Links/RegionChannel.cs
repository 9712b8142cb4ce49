using Orleans.Runtime;

namespace OrleansGeo.Runtime.Links;

/// <summary>One connection's lifetime to a peer region. A cut ends it for good; the link then makes another.</summary>
/// <param name="ReferenceRuntime">Sends any request of any reference to the peer's cluster.</param>
/// <param name="Grains">Makes references that are bound to the peer's cluster.</param>
/// <param name="Closed">Cancelled when the channel ends; every call in flight on it then fails.</param>
public sealed record RegionChannel(IGrainReferenceRuntime ReferenceRuntime, IGrainFactory Grains, CancellationToken Closed);
