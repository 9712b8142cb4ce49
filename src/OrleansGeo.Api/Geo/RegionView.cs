namespace OrleansGeo.Api.Geo;

/// <summary>A region as seen from the one that answers.</summary>
/// <param name="Name">The region.</param>
/// <param name="State"><c>up</c> or <c>down</c>.</param>
/// <param name="DownReason">Why it is down; null when it is up.</param>
/// <param name="RoundTripMs">The last measured round trip, milliseconds; null when not known.</param>
/// <param name="LagEntries">Entries of the shards homed here that it has not stored yet; null when not known.</param>
/// <param name="StalenessMs">Upper bound on the age of what is read here of the shards homed there, milliseconds; null when not known.</param>
/// <param name="ShardsHomed">How many shards are at home there.</param>
/// <param name="Lease"><c>held</c> or <c>none</c>: whether it may act as home, as far as is known here.</param>
/// <param name="Generation">The lease generation that the topology knows; 0 for none yet.</param>
/// <param name="Mode"><c>normal</c>, <c>drained</c> or <c>restoring</c>: what operators want of it; <c>leaving</c>: it stops.</param>
internal sealed record RegionView(
    string Name, string State, string? DownReason, double? RoundTripMs, long? LagEntries, double? StalenessMs, int ShardsHomed, string Lease, long Generation, string Mode);
