namespace OrleansGeo.Protocol.Topology;

/// <summary>What the topology says of a region.</summary>
/// <param name="Generation">The lease generation that the region recorded itself: only under this one may it act as home. 0: never.</param>
/// <param name="Mode">What operators want of it.</param>
/// <param name="EvictedThrough">An operator's forced failover: the region gives up its lease if its generation is not above this.</param>
public readonly record struct RegionState(long Generation, RegionMode Mode, long EvictedThrough);
