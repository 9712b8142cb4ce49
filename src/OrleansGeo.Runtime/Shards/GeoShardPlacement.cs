namespace OrleansGeo.Runtime.Shards;

/// <summary>Entities live on the silo of their shard.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("orleansgeo.placement")]
internal sealed class GeoShardPlacement : PlacementStrategy
{
    static GeoShardPlacement() => System.Diagnostics.Debug.Assert(nameof(GeoShardPlacement) == GeoGrainProperties.Placement, "The manifest names this class.");
}
