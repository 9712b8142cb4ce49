using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace OrleansGeo.Protocol.Logs;

/// <summary>Entries to row bytes and back. The row is what is stored and shipped, so equal rows are equal bytes in every region.</summary>
/// <remarks>Format 1: a version byte, the number of entries, then the entries; all integers little-endian base-128. Positions count from the row's first.</remarks>
internal static class LogRowCodec
{
    private const byte Format = 1;
    private const int ScratchBytes = 4 * 1024 * 1024;

    // Rows are kept, so each is an array of just its length; what it is put together in is used again.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public static LogRow Encode(long epoch, IReadOnlyList<LogEntry> entries)
    {
        var buffer = _scratch is { Capacity: <= ScratchBytes } scratch ? scratch : _scratch = new(64 * 1024);
        buffer.ResetWrittenCount();
        var writer = new RowWriter(buffer);
        writer.Byte(Format);
        writer.Number(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            WriteEntry(writer, entries[i]);
        }

        return new(epoch, entries[0].Position, entries[^1].Position, writer.Written.ToArray());
    }

    /// <summary>The row's entries. Their answers and states are parts of the row's bytes: a reader that keeps one of them keeps the row, unless it copies it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="names">Of one entity's entries, all have the same string; null: each has its own.</param>
    /// <exception cref="FormatException">The row is of a newer version, or damaged; the message says which.</exception>
    public static ImmutableArray<LogEntry> Decode(LogRow row, HashSet<string>? names = null)
    {
        var reader = new RowReader(row, names);
        var format = reader.Byte();
        if (format > Format)
        {
            throw new FormatException($"Log row {row.First}-{row.Last} of epoch {row.Epoch} is of a newer version: it has format {format}, this version reads format {Format}. Upgrade this region.");
        }

        var count = format == Format ? reader.Count() : throw Damaged(row, $"it has the format {format}, which no version writes");
        if (count != row.Last.Value - row.First.Value + 1)
        {
            throw Damaged(row, $"it holds {count} entries");
        }

        var entries = ImmutableArray.CreateBuilder<LogEntry>(count);
        for (var i = 0; i < count; i++)
        {
            entries.Add(ReadEntry(ref reader, row, new(row.First.Value + i)));
        }

        return reader.IsAtEnd ? entries.MoveToImmutable() : throw Damaged(row, "it goes on after its last entry");
    }

    private static FormatException Damaged(LogRow row, string problem) => new($"Log row {row.First}-{row.Last} of epoch {row.Epoch} is damaged: {problem}.");

    private static void WriteEntry(RowWriter writer, LogEntry entry)
    {
        writer.Byte((byte)entry.Kind);
        switch (entry.Kind)
        {
            case EntryKind.Evict:
                writer.Number(entry.EvictThrough.Value);
                break;
            case EntryKind.Write:
                writer.Text(entry.Entity);
                writer.Fixed(entry.Request.High);
                writer.Fixed(entry.Request.Low);
                writer.Fixed(entry.Fingerprint);
                writer.Number(entry.EntityVersion.Epoch);
                writer.Number(entry.EntityVersion.Position.Value);
                writer.Bytes(entry.Answer.Span);
                writer.Number(entry.Changes.Length);
                foreach (var change in entry.Changes)
                {
                    writer.Text(change.Name);
                    writer.Byte(change.Bytes is null ? (byte)0 : (byte)1);
                    if (change.Bytes is { } bytes)
                    {
                        writer.Bytes(bytes.Span);
                    }
                }

                break;
        }
    }

    private static LogEntry ReadEntry(ref RowReader reader, LogRow row, LogPosition position)
    {
        var kind = (EntryKind)reader.Byte();
        switch (kind)
        {
            case EntryKind.EpochStart:
                return new() { Kind = kind, Position = position };
            case EntryKind.Evict:
                return new() { Kind = kind, Position = position, EvictThrough = new(reader.Number()) };
            case EntryKind.Write:
                return new()
                {
                    Kind = kind,
                    Position = position,
                    Entity = reader.Name(),
                    Request = new(reader.Fixed(), reader.Fixed()),
                    Fingerprint = reader.Fixed(),
                    EntityVersion = new(reader.Number(), new(reader.Number())),
                    Answer = reader.Bytes(),
                    Changes = ReadChanges(ref reader, new(row.Epoch, position)),
                };
            default:
                throw Damaged(row, $"its entry {position} has the unknown kind {(byte)kind}");
        }
    }

    private static ImmutableArray<StateRecord> ReadChanges(ref RowReader reader, RecordVersion version)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return [];
        }

        var changes = ImmutableArray.CreateBuilder<StateRecord>(count);
        for (var i = 0; i < count; i++)
        {
            var name = reader.Text();

            // A plain null would become empty bytes here, by the conversion from an array: cleared is not the same as empty.
            changes.Add(new(name, version, reader.Byte() == 0 ? default(ReadOnlyMemory<byte>?) : reader.Bytes()));
        }

        return changes.MoveToImmutable();
    }

    private readonly struct RowWriter(ArrayBufferWriter<byte> buffer)
    {
        public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

        public void Byte(byte value)
        {
            buffer.GetSpan(1)[0] = value;
            buffer.Advance(1);
        }

        public void Number(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            var span = buffer.GetSpan(10);
            var used = 0;
            var rest = (ulong)value;
            while (rest >= 0x80)
            {
                span[used++] = (byte)(rest | 0x80);
                rest >>= 7;
            }

            span[used++] = (byte)rest;
            buffer.Advance(used);
        }

        public void Fixed(ulong value)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(8), value);
            buffer.Advance(8);
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            Number(value.Length);
            buffer.Write(value);
        }

        public void Text(string value)
        {
            // Lengths count UTF-16 code units that UTF-8 can hold; a lone surrogate is refused at the API's edge.
            Number(Encoding.UTF8.GetByteCount(value));
            Encoding.UTF8.GetBytes(value, buffer);
        }
    }

    private ref struct RowReader(LogRow row, HashSet<string>? names)
    {
        private readonly ReadOnlyMemory<byte> _bytes = row.Bytes;
        private int _at;

        public byte Byte() => Take(1)[0];

        public long Number()
        {
            long value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var part = Byte();
                value |= (long)(part & 0x7f) << shift;
                if (part < 0x80)
                {
                    return value >= 0 ? value : throw Truncated();
                }
            }

            throw Truncated();
        }

        public readonly bool IsAtEnd => _at == _bytes.Length;

        /// <summary>A number of things of at least one byte each, so that a damaged one never makes room for what cannot be there.</summary>
        public int Count()
        {
            var count = Number();
            return count <= _bytes.Length - _at ? (int)count : throw Truncated();
        }

        public ulong Fixed() => System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

        public ReadOnlyMemory<byte> Bytes()
        {
            var length = Number();
            var start = _at;
            Take(length);
            return _bytes.Slice(start, (int)length);
        }

        public string Text() => Encoding.UTF8.GetString(Take(Number()));

        public string Name()
        {
            var name = Text();
            if (names is null || names.Add(name))
            {
                return name;
            }

            names.TryGetValue(name, out var same);
            return same!;
        }

        private ReadOnlySpan<byte> Take(long length)
        {
            if (length > _bytes.Length - _at)
            {
                throw Truncated();
            }

            var span = _bytes.Span.Slice(_at, (int)length);
            _at += (int)length;
            return span;
        }

        private readonly FormatException Truncated() => Damaged(row, "it ends early, or holds a number that is none");
    }
}
