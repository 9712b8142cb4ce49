using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Logs;

/// <summary>One state of one entity as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.copystate")]
internal readonly record struct CopyStateWire(
    [property: Id(0)] string Entity, [property: Id(1)] string Name, [property: Id(2)] long Epoch, [property: Id(3)] long Position, [property: Id(4)] byte[]? Bytes)
{
    public static IEnumerable<CopyStateWire> From(StoredRecord record) => record.Record.States.Select(state =>
        new CopyStateWire(record.Entity, state.Name, state.Version.Epoch, state.Version.Position.Value, state.Bytes is { } bytes ? bytes.ToArray() : null));

    public static ImmutableArray<StoredRecord> ToRecords(IEnumerable<CopyStateWire> states) =>
    [
        .. states.GroupBy(static state => state.Entity, StringComparer.Ordinal)
            .Select(static entity => new StoredRecord(entity.Key, new EntityRecord([.. entity.Select(static state => state.ToRecord())]))),
    ];

    public StateRecord ToRecord() => new(Name, new(Epoch, new(Position)), Bytes is null ? default(ReadOnlyMemory<byte>?) : Bytes);
}
