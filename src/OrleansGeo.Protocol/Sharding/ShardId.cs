namespace OrleansGeo.Protocol.Sharding;

/// <summary>The name of a shard: <c>q-07</c> (a hash shard) or <c>r-westeurope-3</c> (an affine shard). The unit of home, epoch, log and failover.</summary>
/// <param name="Name">The name.</param>
public readonly record struct ShardId(string Name) : IComparable<ShardId>
{
    /// <summary>By name, ordinal.</summary>
    public int CompareTo(ShardId other) => string.CompareOrdinal(Name, other.Name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
