namespace OrleansGeo.Protocol.Homes;

/// <summary>Why a home ended. The first cause counts.</summary>
/// <param name="Cause">What follows depends on it.</param>
/// <param name="Reason">In words.</param>
internal sealed record HomeEnd(HomeEndCause Cause, string Reason);
