using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Operations;

/// <summary>Whether writes of one kind succeed through this region now, as far as it sees.</summary>
/// <param name="Family">Which: of a majority of regions, of the home region, or of multi-writer entities.</param>
/// <param name="Problem">Why not, in words; null: they do.</param>
public sealed record FamilyStatus(ShardFamily Family, string? Problem);
