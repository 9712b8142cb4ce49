namespace OrleansGeo.Api.Geo;

/// <summary>A shard and its home.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Home">Its home.</param>
/// <param name="Epoch">The epoch of the home.</param>
/// <param name="Reserved">The region that the home is handing the shard over to; null for none.</param>
/// <param name="Preferred">The region that is its home when all is well.</param>
internal sealed record TopologyShardView(string Shard, string Home, long Epoch, string? Reserved, string Preferred);
