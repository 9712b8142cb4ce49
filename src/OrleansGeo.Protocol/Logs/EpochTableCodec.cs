using System.Buffers.Binary;
using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>An <see cref="EpochTable"/> as stores keep it: of each epoch the number and the first position, 8 bytes each, little-endian.</summary>
public static class EpochTableCodec
{
    private const int EpochBytes = 16;

    /// <summary>The bytes of a table, 16 for each epoch, as <see cref="Decode"/> reads them.</summary>
    public static byte[] Encode(EpochTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var bytes = new byte[table.Starts.Length * EpochBytes];
        for (var i = 0; i < table.Starts.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EpochBytes), table.Starts[i].Epoch);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((i * EpochBytes) + 8), table.Starts[i].Start.Value);
        }

        return bytes;
    }

    /// <summary>Null when the bytes are no table: cut off, or not rising.</summary>
    public static EpochTable? Decode(ReadOnlySpan<byte> bytes)
    {
        var starts = ImmutableArray.CreateBuilder<EpochStart>(bytes.Length / EpochBytes);
        for (; bytes.Length >= EpochBytes; bytes = bytes[EpochBytes..])
        {
            var start = new EpochStart(BinaryPrimitives.ReadInt64LittleEndian(bytes), new(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])));
            if (starts.Count > 0 && (start.Epoch <= starts[^1].Epoch || start.Start <= starts[^1].Start))
            {
                return null;
            }

            starts.Add(start);
        }

        return bytes.IsEmpty ? new(starts.DrainToImmutable()) : null;
    }
}
