namespace OrleansGeo.Protocol.Topology;

/// <summary>What the topology says of a region.</summary>
/// <param name="Generation">The lease generation that the region recorded itself: only under this one may it act as home. 0: never.</param>
/// <param name="Mode">What operators want of it.</param>
/// <param name="EvictedThrough">An operator's forced failover: the region gives up its lease, and records no other while it is home of anything. 0: never, or forgiven.</param>
internal readonly record struct RegionState(long Generation, RegionMode Mode, long EvictedThrough)
{
    /// <summary>It is not to be home of anything.</summary>
    public bool IsAway => Mode is RegionMode.Drained or RegionMode.Leaving;

    /// <summary>Failed over, and neither restored nor started again with nothing to do since.</summary>
    public bool IsEvicted => Mode == RegionMode.Drained && Generation > 0 && EvictedThrough >= Generation;
}
