using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Homes;

/// <summary>The end of a log in memory: rows above the checkpoint, and those that replicas may still need.</summary>
internal sealed class LogTail
{
    private readonly List<TailRow> _rows = [];
    private int _start;

    public long Bytes { get; private set; }

    public int EntriesAbove(LogPosition position) => _rows.Count == _start ? 0 : (int)Math.Max(0, _rows[^1].Row.Last.Value - position.Value);

    public void Add(LogRow row, ImmutableArray<LogEntry> entries)
    {
        _rows.Add(new(row, entries));
        Bytes += row.Bytes.Length;
    }

    /// <summary>Rows from the one that starts at <paramref name="from"/>, up to about <paramref name="maxBytes"/>; empty when it is not in memory.</summary>
    public ImmutableArray<LogRow> From(LogPosition from, long maxBytes)
    {
        var index = IndexOf(from);
        if (index < 0 || _rows[index].Row.First != from)
        {
            return [];
        }

        var rows = ImmutableArray.CreateBuilder<LogRow>();
        long bytes = 0;
        for (; index < _rows.Count && (rows.Count == 0 || bytes + _rows[index].Row.Bytes.Length <= maxBytes); index++)
        {
            rows.Add(_rows[index].Row);
            bytes += _rows[index].Row.Bytes.Length;
        }

        return rows.ToImmutable();
    }

    /// <summary>The entries above <paramref name="after"/> up to <paramref name="through"/>, by whole rows.</summary>
    public IEnumerable<LogEntry> Between(LogPosition after, LogPosition through)
    {
        for (var i = _start; i < _rows.Count && _rows[i].Row.Last <= through; i++)
        {
            if (_rows[i].Row.Last > after)
            {
                foreach (var entry in _rows[i].Entries)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>The last position at or below <paramref name="limit"/> at which a row ends, or <paramref name="otherwise"/>.</summary>
    public LogPosition RowEndAtOrBefore(LogPosition limit, LogPosition otherwise)
    {
        for (var i = _rows.Count - 1; i >= _start; i--)
        {
            if (_rows[i].Row.Last <= limit)
            {
                return LogPosition.Max(_rows[i].Row.Last, otherwise);
            }
        }

        return otherwise;
    }

    /// <summary>Forgets rows up to <paramref name="through"/>.</summary>
    public void Forget(LogPosition through)
    {
        while (_start < _rows.Count && _rows[_start].Row.Last <= through)
        {
            Bytes -= _rows[_start].Row.Bytes.Length;
            _rows[_start++] = default;
        }

        if (_start > 64 && _start > _rows.Count / 2)
        {
            _rows.RemoveRange(0, _start);
            _start = 0;
        }
    }

    /// <summary>The newest row in memory; null when there is none.</summary>
    public LogRow? LastRow => _start < _rows.Count ? _rows[^1].Row : null;

    /// <summary>The end of the oldest row in memory; <see cref="LogPosition.Zero"/> when there is none.</summary>
    public LogPosition FirstRowEnd => _start < _rows.Count ? _rows[_start].Row.Last : LogPosition.Zero;

    private int IndexOf(LogPosition position)
    {
        var low = _start;
        var high = _rows.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Row.Last < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low < _rows.Count ? low : -1;
    }

    private readonly record struct TailRow(LogRow Row, ImmutableArray<LogEntry> Entries);
}
