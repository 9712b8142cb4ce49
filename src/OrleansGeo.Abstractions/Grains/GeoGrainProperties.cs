namespace OrleansGeo.Abstractions.Grains;

/// <summary>The keys under which a geo grain's policy stands in the cluster manifest, where every caller finds it.</summary>
public static class GeoGrainProperties
{
    public const string Durability = "orleansgeo.durability";

    public const string HomePolicy = "orleansgeo.home-policy";

    public const string MultiWriter = "orleansgeo.multi-writer";

    public const string FollowWriters = "orleansgeo.follow-writers";

    /// <summary>"true": every write of the type is an entry of its own at once, and its requests may run beside each other.</summary>
    public const string InterleavedWrites = "orleansgeo.interleaved-writes";

    /// <summary>The name of the placement strategy that puts entities on their shard's silo.</summary>
    public const string Placement = "GeoShardPlacement";
}
