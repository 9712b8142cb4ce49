namespace OrleansGeo.Runtime.Failover;

/// <summary>A suspicion as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.suspicion")]
internal readonly record struct SuspicionWire(
    [property: Id(0)] string Shard, [property: Id(1)] string Region, [property: Id(2)] long Epoch, [property: Id(3)] long From);
