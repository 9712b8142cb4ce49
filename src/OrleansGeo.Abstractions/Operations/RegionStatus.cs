using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>A region as seen from this one.</summary>
/// <param name="Region">The region.</param>
/// <param name="IsUp">This region itself, or the link to it is up.</param>
/// <param name="DownReason">Why not, in words.</param>
/// <param name="RoundTrip">The link's last measured round trip; null when not known.</param>
/// <param name="ShardsHomed">How many shards are at home there.</param>
/// <param name="LagEntries">How many entries of the shards homed here that region has not stored yet; null when not known.</param>
/// <param name="HoldsLease">Whether it holds its lease, as far as this region sees: it may act as home.</param>
/// <param name="Generation">The lease generation that the topology knows.</param>
/// <param name="Mode">What operators want of it.</param>
/// <param name="Staleness">Upper bound on the age of what is read here of the shards homed there: the oldest of them; null when not known.</param>
/// <param name="Problem">Why its replicas cannot follow, in words: of another region, those of shards homed here; of this one, all that are here. Null: they can.</param>
public sealed record RegionStatus(
    RegionId Region, bool IsUp, string? DownReason, TimeSpan? RoundTrip, int ShardsHomed, long? LagEntries, bool HoldsLease, long Generation, RegionMode Mode, TimeSpan? Staleness = null, string? Problem = null);
