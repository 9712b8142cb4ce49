using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Replication;

/// <summary>One state of one entity as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.copystate")]
internal readonly record struct CopyStateWire(
    [property: Id(0)] string Entity, [property: Id(1)] string Name, [property: Id(2)] long Epoch, [property: Id(3)] long Position, [property: Id(4)] byte[]? Bytes)
{
    public StateRecord ToRecord() => new(Name, new(Epoch, new(Position)), Bytes is null ? default(ReadOnlyMemory<byte>?) : Bytes);
}
