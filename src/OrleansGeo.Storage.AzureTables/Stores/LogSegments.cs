using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Which generation wrote which part of a log, ascending in positions. It tells the rows of the log from rows that were cut, discarded or never committed.</summary>
/// <remarks>
/// A generation is drawn by whoever cuts a log, begins to copy it, or writes rows ahead of their commit, and never drawn again. So a position of one generation has one row for ever,
/// and a row that left the log can never be taken for one that came later.
/// </remarks>
internal sealed class LogSegments
{
    private const int SegmentBytes = 24;

    private readonly ImmutableArray<LogSegment> _segments;

    private LogSegments(ImmutableArray<LogSegment> segments) => _segments = segments;

    public static LogSegments Empty { get; } = new([]);

    /// <summary>The generation of the row that ends at, or holds, a position; null before the first.</summary>
    public Guid? At(LogPosition position)
    {
        for (var i = _segments.Length - 1; i >= 0; i--)
        {
            if (_segments[i].Start <= position)
            {
                return _segments[i].Generation;
            }
        }

        return null;
    }

    public LogSegments Append(Guid generation, LogPosition first) =>
        _segments.Length > 0 && _segments[^1].Generation == generation ? this : new(_segments.Add(new(generation, first)));

    /// <summary>Of the log that ends at <paramref name="last"/>.</summary>
    public LogSegments Cut(LogPosition last) =>
        _segments.Length > 0 && _segments[^1].Start > last ? new([.. _segments.Where(segment => segment.Start <= last)]) : this;

    /// <summary>Of the log that begins after <paramref name="trimmed"/>.</summary>
    public LogSegments Trim(LogPosition trimmed)
    {
        var gone = 0;
        while (gone + 1 < _segments.Length && _segments[gone + 1].Start <= trimmed.Next)
        {
            gone++;
        }

        return gone == 0 ? this : new(_segments[gone..]);
    }

    public byte[] Encode()
    {
        var bytes = new byte[_segments.Length * SegmentBytes];
        for (var i = 0; i < _segments.Length; i++)
        {
            var span = bytes.AsSpan(i * SegmentBytes);
            _segments[i].Generation.TryWriteBytes(span);
            BinaryPrimitives.WriteInt64LittleEndian(span[16..], _segments[i].Start.Value);
        }

        return bytes;
    }

    /// <returns>Null when they are damaged.</returns>
    public static LogSegments? Decode(ReadOnlySpan<byte> bytes)
    {
        var segments = ImmutableArray.CreateBuilder<LogSegment>(bytes.Length / SegmentBytes);
        for (; bytes.Length >= SegmentBytes; bytes = bytes[SegmentBytes..])
        {
            segments.Add(new(new Guid(bytes[..16]), new(BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]))));
        }

        return bytes.IsEmpty ? new(segments.DrainToImmutable()) : null;
    }
}
