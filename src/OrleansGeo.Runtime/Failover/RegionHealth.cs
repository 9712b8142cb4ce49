namespace OrleansGeo.Runtime.Failover;

/// <summary>A region's lease as the control plane of this region sees it.</summary>
/// <param name="IsLive">It is held.</param>
/// <param name="IsEligible">It is held, the topology names it, and nobody drained the region: it can be home.</param>
/// <param name="HealthyMs">For how long it has been held without a break.</param>
/// <param name="Ended">The highest generation that has surely ended; -1 when none has.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.regionhealth")]
internal readonly record struct RegionHealth(
    [property: Id(0)] bool IsLive, [property: Id(1)] bool IsEligible, [property: Id(2)] long HealthyMs, [property: Id(3)] long Ended);
