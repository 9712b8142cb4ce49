namespace OrleansGeo.Api.Geo;

/// <summary>A shard and its home.</summary>
public sealed record TopologyShardView(string Shard, string Home, long Epoch);
