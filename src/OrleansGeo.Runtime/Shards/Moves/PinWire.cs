namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>A pin, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.pin")]
internal readonly record struct PinWire([property: Id(0)] string Entity, [property: Id(1)] string Shard, [property: Id(2)] long Generation, [property: Id(3)] bool IsFollowing);
