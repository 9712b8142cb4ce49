using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Tracing;

/// <summary>To which trace the rows of a shard belong: of the many requests in a row, the first that is recorded. Under the shard's lock.</summary>
internal sealed class RowTraces
{
    /// <summary>The newest are kept; an older row that is sent again belongs to no trace.</summary>
    private const int Kept = 64;

    private readonly Queue<(LogPosition Position, string Sent)> _entries = new();

    /// <summary>The request that runs now has this place in the log.</summary>
    public void Staged(LogPosition position)
    {
        if (GeoTracing.Here is { } here)
        {
            if (_entries.Count == Kept)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue((position, here));
        }
    }

    /// <summary>The trace of what stands after one position, up to another; null: none.</summary>
    public string? Of(LogPosition after, LogPosition through)
    {
        foreach (var (position, sent) in _entries)
        {
            if (position > after && position <= through)
            {
                return sent;
            }
        }

        return null;
    }
}
