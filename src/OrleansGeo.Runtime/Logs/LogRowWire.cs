using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Logs;

/// <summary><see cref="LogRow"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.row")]
internal readonly record struct LogRowWire([property: Id(0)] long Epoch, [property: Id(1)] long First, [property: Id(2)] long Last, [property: Id(3)] byte[] Bytes)
{
    public static LogRowWire From(LogRow row) => new(
        row.Epoch,
        row.First.Value,
        row.Last.Value,
        MemoryMarshal.TryGetArray(row.Bytes, out var array) && array.Offset == 0 && array.Count == array.Array!.Length ? array.Array : row.Bytes.ToArray());

    public LogRow ToRow() => new(Epoch, new(First), new(Last), Bytes);
}
