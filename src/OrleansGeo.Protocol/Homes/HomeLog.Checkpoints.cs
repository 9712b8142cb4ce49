using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Homes;

internal sealed partial class HomeLog
{
    /// <summary>The position to which a checkpoint can be moved now; the present one when there is nothing to do.</summary>
    /// <remarks>Never past the stable position: what lies above may yet be cut. A row shard's owner is never cut.</remarks>
    public LogPosition CheckpointTarget => _tail.RowEndAtOrBefore(_config.Family == ShardFamily.Row ? Stored : Stable, Head.Checkpoint);

    /// <summary>The changed states between the checkpoint and <paramref name="through"/>: of each state the last value.</summary>
    public Dictionary<string, EntityRecord> ChangesThrough(LogPosition through) => Fold(_tail.Between(Head.Checkpoint, through));

    /// <summary>The store wrote a checkpoint.</summary>
    public void Checkpointed(ShardHead head, IEnumerable<string> entities)
    {
        Head = Head with { Checkpoint = LogPosition.Max(Head.Checkpoint, head.Checkpoint) };
        Records.Checkpointed(entities, Head.Checkpoint);
        ForgetTail();
    }

    /// <summary>Up to here rows may be gone from the store.</summary>
    private LogPosition Gone => LogPosition.Max(Head.Trimmed, _trimming);

    /// <summary>The position through which the log can be trimmed now; the present one when there is nothing to do.</summary>
    /// <remarks>
    /// Not above what is remembered, checkpointed and stable. Replicas that lag hold it back until the log is larger than its
    /// retention limit; one that lags further is sent the records.
    /// </remarks>
    public LogPosition TrimTarget
    {
        get
        {
            if (_replicas.Any(static replica => replica.NeedsCopy))
            {
                // The log must go on from where the copy ends.
                return Head.Trimmed;
            }

            var target = LogPosition.Min(LogPosition.Min(Deduplication.Evicted, Head.Checkpoint), Stable);
            if (RetainedBytes <= _config.LogRetentionBytes)
            {
                foreach (var replica in _replicas)
                {
                    target = LogPosition.Min(target, replica.Match);
                }
            }

            return LogPosition.Max(target, Head.Trimmed);
        }
    }

    /// <summary>The store is asked to trim its log. What became of that may never be known: no replica is sent what may be gone from then on.</summary>
    public void Trimming(LogPosition through) => _trimming = LogPosition.Max(_trimming, through);

    /// <summary>The store trimmed its log.</summary>
    public void Trimmed(ShardHead head)
    {
        Head = Head with { Trimmed = LogPosition.Max(Head.Trimmed, head.Trimmed) };
        while (_retained.TryPeek(out var oldest) && oldest.Last <= Head.Trimmed)
        {
            _retained.Dequeue();
            RetainedBytes -= oldest.Bytes;
        }
    }

    internal static Dictionary<string, EntityRecord> Fold(IEnumerable<LogEntry> entries)
    {
        var changes = new Dictionary<string, EntityRecord>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!entry.Changes.IsEmpty)
            {
                var record = new EntityRecord(entry.Changes);
                changes[entry.Entity] = changes.TryGetValue(entry.Entity, out var earlier) ? record.Over(earlier) : record;
            }
        }

        return changes;
    }

    /// <summary>Keeps in memory what is above the checkpoint and, within the replication window, what a replica lacks.</summary>
    private void ForgetTail()
    {
        var needed = Head.Checkpoint;
        foreach (var replica in _replicas)
        {
            needed = LogPosition.Min(needed, replica.Match);
        }

        _tail.Forget(needed);
        while (_tail.Bytes > _config.ReplicationWindowBytes && _tail.FirstRowEnd > LogPosition.Zero && _tail.FirstRowEnd <= Head.Checkpoint)
        {
            _tail.Forget(_tail.FirstRowEnd);
        }
    }
}
