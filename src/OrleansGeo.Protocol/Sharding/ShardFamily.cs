namespace OrleansGeo.Protocol.Sharding;

/// <summary>Which promise a shard makes. A log never mixes promises.</summary>
public enum ShardFamily
{
    /// <summary><c>q</c>: acknowledged and visible when a majority of regions has it on disk.</summary>
    Quorum = 0,

    /// <summary><c>r</c>: acknowledged and visible when the home region has it on disk.</summary>
    Region = 1,
}
