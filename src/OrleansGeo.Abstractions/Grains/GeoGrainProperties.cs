namespace OrleansGeo;

/// <summary>The keys under which a geo grain's policy stands in the cluster manifest, where every caller finds it.</summary>
public static class GeoGrainProperties
{
    /// <summary>The name of the type's <see cref="OrleansGeo.Durability"/>. A type without this key is not geo-distributed.</summary>
    public const string Durability = "orleansgeo.durability";

    /// <summary>The type's <see cref="IHomePolicy"/>: its full name, a comma and the name of its assembly. Of a multi-writer type it does not count.</summary>
    public const string HomePolicy = "orleansgeo.home-policy";

    /// <summary>"true": every region writes the type's entities (<see cref="GeoGrainAttribute.MultiWriter"/>). Otherwise "false".</summary>
    public const string MultiWriter = "orleansgeo.multi-writer";

    /// <summary>"true": the type's entities move to the region that writes them most (<see cref="GeoGrainAttribute.FollowWriters"/>). Otherwise "false".</summary>
    public const string FollowWriters = "orleansgeo.follow-writers";

    /// <summary>"true": every write of the type is an entry of its own at once, and its requests may run beside each other.</summary>
    public const string InterleavedWrites = "orleansgeo.interleaved-writes";

    /// <summary>The name of the placement strategy that puts entities on their shard's silo.</summary>
    public const string Placement = "GeoShardPlacement";
}
