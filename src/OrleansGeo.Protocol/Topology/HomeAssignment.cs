namespace OrleansGeo.Protocol.Topology;

/// <summary>The region that may write a shard, and the epoch of that right. The epoch rises at every change of home.</summary>
/// <param name="Region">The region that may write the shard.</param>
/// <param name="Epoch">The epoch of that right.</param>
public readonly record struct HomeAssignment(RegionId Region, long Epoch)
{
    /// <summary>What this home shows to each store that it writes to.</summary>
    public FencingToken Token => new(Region, Epoch);
}
