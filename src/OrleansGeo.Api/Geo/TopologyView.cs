using System.Collections.Immutable;

namespace OrleansGeo.Api.Geo;

/// <summary>The topology as this region knows it.</summary>
internal sealed record TopologyView(long Version, ImmutableArray<TopologyRegionView> Regions, ImmutableArray<TopologyShardView> Shards);
