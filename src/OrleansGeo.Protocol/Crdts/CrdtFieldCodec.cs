using System.Buffers;
using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>Fields to bytes and back. Equal fields are equal bytes: what could be written in two ways is refused in all but one.</summary>
/// <remarks>Format 1: a version byte, flags, the fields that are hidden, the time if there is one, and the value to the end; integers are little-endian base-128.</remarks>
internal static class CrdtFieldCodec
{
    private const byte Format = 1;
    private const byte Present = 1;
    private const byte Timed = 2;

    public static byte[] Encode(CrdtField field)
    {
        var writer = new FieldWriter(new ArrayBufferWriter<byte>(64 + field.Value.Length));
        writer.Byte(Format);
        writer.Byte((byte)((field.IsPresent ? Present : 0) | (field.Time is null ? 0 : Timed)));
        writer.Number(field.Seen.Length);
        foreach (var seen in field.Seen)
        {
            writer.Text(seen.Row);
            writer.Number(seen.Version.Epoch);
            writer.Number(seen.Version.Position.Value);
            writer.Byte(seen.IsOverruled ? (byte)1 : (byte)0);
        }

        if (field.Time is { } time)
        {
            writer.Number(time.Milliseconds);
            writer.Number(time.Counter);
        }

        writer.Rest(field.Value.Span);
        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not a field of this format.</exception>
    public static CrdtField Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new FieldReader(bytes);
        var format = reader.Byte();
        if (format != Format)
        {
            throw new FormatException($"A CRDT field has format {format}; this version reads format {Format}. Upgrade this region before it reads what newer ones write.");
        }

        var flags = reader.Byte();
        if ((flags & ~(Present | Timed)) != 0)
        {
            throw FieldReader.Damaged();
        }

        var seen = ReadSeen(ref reader);
        HybridTime? time = (flags & Timed) == 0 ? null : new HybridTime(reader.Number(), reader.Small());
        return new() { IsPresent = (flags & Present) != 0, Seen = seen, Time = time, Value = reader.Rest() };
    }

    private static ImmutableArray<SeenField> ReadSeen(ref FieldReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return [];
        }

        var all = ImmutableArray.CreateBuilder<SeenField>(count);
        for (var i = 0; i < count; i++)
        {
            var seen = new SeenField(reader.Text(), new RecordVersion(reader.Number(), new(reader.Number())), reader.Flag());
            if (i > 0 && string.CompareOrdinal(all[i - 1].Row, seen.Row) >= 0)
            {
                throw FieldReader.Damaged();
            }

            all.Add(seen);
        }

        return all.MoveToImmutable();
    }
}
