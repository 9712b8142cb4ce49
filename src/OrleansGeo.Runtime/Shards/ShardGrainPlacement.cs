namespace OrleansGeo.Runtime.Shards;

/// <summary>Spreads shards over the region's silos by their name, and keeps the rows of the same multi-writer entities together.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("orleansgeo.shardplacement")]
internal sealed class ShardGrainPlacement : PlacementStrategy;
