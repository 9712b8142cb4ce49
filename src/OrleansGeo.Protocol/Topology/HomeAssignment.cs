namespace OrleansGeo.Protocol.Topology;

/// <summary>The region that may write a shard, and the epoch of that right. The epoch rises at every change of home.</summary>
public readonly record struct HomeAssignment(RegionId Region, long Epoch)
{
    public FencingToken Token => new(Region, Epoch);
}
