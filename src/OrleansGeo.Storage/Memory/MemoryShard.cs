using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Memory;

/// <summary>One shard on a <see cref="MemoryRegionDisk"/>. Decides by <see cref="ShardHeadRules"/> before it changes anything; used under the disk's lock.</summary>
internal sealed class MemoryShard
{
    /// <summary>What a state counts for in a page beside its bytes, so that a page of tombstones ends too.</summary>
    private const int StateOverheadBytes = 32;

    private readonly List<LogRow> _log = [];
    private readonly SortedList<string, SortedList<string, StateRecord>> _records = new(StringComparer.Ordinal);

    public ShardHead Head { get; private set; } = ShardHead.Empty;

    public AppendResult Append(AppendCommand command)
    {
        var result = ShardHeadRules.Append(Head, command, first => _log.Find(row => row.First == first), out var firstMissing);
        for (var i = firstMissing; i < command.Rows.Length; i++)
        {
            // The caller may use its buffer again.
            _log.Add(command.Rows[i] with { Bytes = command.Rows[i].Bytes.ToArray() });
        }

        Head = result.Head;
        return result;
    }

    public ShardHead Promise(FencingToken token)
    {
        ShardHeadRules.Promise(Head, token, out var next);
        return Head = next;
    }

    /// <param name="token">Who cuts.</param>
    /// <param name="keepThrough">The last entry to keep, which ends a row.</param>
    /// <param name="foreignEpoch">The epoch of the entry after it; when that is another one, nothing is cut.</param>
    /// <param name="removed">The rows that the log had after <paramref name="keepThrough"/>.</param>
    public ShardHead Cut(FencingToken token, LogPosition keepThrough, long foreignEpoch, out ImmutableArray<LogRow> removed)
    {
        removed = [];
        if (ShardHeadRules.Cut(Head, token, keepThrough, foreignEpoch, out var next))
        {
            var at = _log.FindIndex(row => row.Last > keepThrough);
            if (_log[at].First <= keepThrough)
            {
                throw ShardHeadRules.MiddleOfRow(keepThrough, _log[at].First, _log[at].Last);
            }

            removed = [.. _log.Skip(at)];
            _log.RemoveRange(at, _log.Count - at);
        }

        return Head = next;
    }

    public ShardHead Checkpoint(FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes)
    {
        if (ShardHeadRules.Checkpoint(Head, token, through, out var next))
        {
            Write(changes);
        }

        return Head = next;
    }

    public ShardHead Trim(FencingToken token, LogPosition through)
    {
        if (ShardHeadRules.Trim(Head, token, through, out var next))
        {
            var count = _log.Count(row => row.Last <= through);
            if (count > 0)
            {
                next = next with { Trimmed = _log[count - 1].Last };
                _log.RemoveRange(0, count);
            }

            RemoveTombstones(next.Trimmed);
        }

        return Head = next;
    }

    /// <param name="token">Who copies.</param>
    /// <param name="command">The step.</param>
    /// <param name="removed">The rows that the home does not have, when a copy begins.</param>
    public ShardHead Copy(FencingToken token, CopyCommand command, out ImmutableArray<LogRow> removed)
    {
        removed = [];
        if (ShardHeadRules.Copy(Head, token, command, out var next, out var foreignAfter))
        {
            if (command is CopyCommand.Begin)
            {
                removed = [.. _log.Where(row => row.First > foreignAfter)];
                _log.Clear();
                _records.Clear();
            }
            else if (command is CopyCommand.Add add)
            {
                Write(add.Records);
            }
        }

        return Head = next;
    }

    public ImmutableArray<LogRow> ReadLog(LogPosition from, int maxBytes)
    {
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        var bytes = 0L;
        foreach (var row in _log)
        {
            if (bytes > maxBytes)
            {
                break;
            }

            if (row.Last >= from)
            {
                rows.Add(row);
                bytes += row.Bytes.Length;
            }
        }

        return rows.DrainToImmutable();
    }

    public EntityRecord ReadRecord(string entity) =>
        _records.TryGetValue(entity, out var states) ? new([.. states.Values]) : EntityRecord.Empty;

    public ImmutableArray<StoredRecord> ReadRecords(string? afterEntity, int maxBytes)
    {
        var records = ImmutableArray.CreateBuilder<StoredRecord>();
        var bytes = 0L;
        foreach (var (entity, states) in _records)
        {
            if (afterEntity is not null && string.CompareOrdinal(entity, afterEntity) <= 0)
            {
                continue;
            }

            if (bytes > maxBytes)
            {
                break;
            }

            records.Add(new(entity, new([.. states.Values])));
            bytes += entity.Length + states.Values.Sum(state => StateOverheadBytes + (state.Bytes?.Length ?? 0));
        }

        return records.DrainToImmutable();
    }

    /// <summary>Rows and states do not change once they are stored, so that they are shared.</summary>
    public MemoryShard Copy()
    {
        var copy = new MemoryShard { Head = Head };
        copy._log.AddRange(_log);
        foreach (var (entity, states) in _records)
        {
            copy._records.Add(entity, new(states, StringComparer.Ordinal));
        }

        return copy;
    }

    private void Write(ImmutableArray<StoredRecord> records)
    {
        foreach (var (entity, record) in records)
        {
            foreach (var state in record.States)
            {
                if (!_records.TryGetValue(entity, out var states))
                {
                    _records.Add(entity, states = new(StringComparer.Ordinal));
                }

                // A copy is a fuzzy snapshot: what is newer stays.
                if (states.TryGetValue(state.Name, out var stored) && stored.Version > state.Version)
                {
                    continue;
                }

                // Cleared stays cleared: a null array would convert to empty memory.
                states[state.Name] = state.Bytes is { } bytes ? state with { Bytes = bytes.ToArray() } : state;
            }
        }
    }

    private void RemoveTombstones(LogPosition through)
    {
        foreach (var (entity, states) in _records.ToArray())
        {
            var kept = new EntityRecord([.. states.Values]).WithoutTombstones(through);
            if (kept.States.IsEmpty)
            {
                _records.Remove(entity);
            }
            else if (kept.States.Length < states.Count)
            {
                foreach (var state in states.Values.Except(kept.States).ToArray())
                {
                    states.Remove(state.Name);
                }
            }
        }
    }
}
