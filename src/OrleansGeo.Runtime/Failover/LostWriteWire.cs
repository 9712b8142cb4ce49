namespace OrleansGeo.Runtime.Failover;

/// <summary>One lost write as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.lostwrite")]
internal readonly record struct LostWriteWire(
    [property: Id(0)] long Cut,
    [property: Id(1)] long Position,
    [property: Id(2)] string Shard,
    [property: Id(3)] string Entity,
    [property: Id(4)] ulong RequestHigh,
    [property: Id(5)] ulong RequestLow,
    [property: Id(6)] long Epoch,
    [property: Id(7)] string[] States,
    [property: Id(8)] byte State);
