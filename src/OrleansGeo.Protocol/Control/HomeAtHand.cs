using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>A home that serves in this region.</summary>
/// <param name="Index">The shard's index in the map.</param>
/// <param name="Home">Under which epoch.</param>
/// <param name="LagOf">How many entries a region's replica lacks; null: that is not known, or nothing reaches it.</param>
internal readonly record struct HomeAtHand(int Index, HomeAssignment Home, Func<RegionId, long?> LagOf);
