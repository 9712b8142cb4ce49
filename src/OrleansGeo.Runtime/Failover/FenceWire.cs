namespace OrleansGeo.Runtime.Failover;

/// <summary>One shard to fence: its name, and the token to promise.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.fence")]
internal readonly record struct FenceWire([property: Id(0)] string Shard, [property: Id(1)] string Region, [property: Id(2)] long Epoch);
