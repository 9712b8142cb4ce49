namespace OrleansGeo.Protocol.Sharding;

/// <summary>Which promise a shard makes. A log never mixes promises.</summary>
public enum ShardFamily
{
    /// <summary><c>q</c>: acknowledged and visible when a majority of regions has it on disk.</summary>
    Quorum = 0,

    /// <summary><c>r</c>: acknowledged and visible when the home region has it on disk.</summary>
    Region = 1,

    /// <summary><c>c</c>: a region's rows of multi-writer entities. The region is its home for ever; visible everywhere as soon as the region has it on disk.</summary>
    Row = 2,
}
