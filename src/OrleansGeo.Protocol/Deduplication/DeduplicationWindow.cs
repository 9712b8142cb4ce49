using System.Diagnostics;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Deduplication;

/// <summary>The requests that a shard's home remembers, so that a repeated one gets its first answer (invariant 8).</summary>
/// <remarks>
/// A function of the log alone: entries add, and only <see cref="EntryKind.Evict"/> entries remove, so that every region that replays
/// the log remembers the same. The log is kept at least as long as the window, so nothing else stores it.
/// </remarks>
public sealed class DeduplicationWindow
{
    private readonly Dictionary<Key, RecordedAnswer> _answers = [];
    private readonly Queue<(LogPosition Position, Key Key)> _order = new();

    public int Count => _answers.Count;

    /// <summary>Everything up to here is forgotten.</summary>
    public LogPosition Evicted { get; private set; }

    public bool TryFind(string entity, RequestId request, out RecordedAnswer answer) => _answers.TryGetValue(new(entity, request), out answer);

    /// <summary>What is remembered of one entity's requests after a position, in the order of the log. Looks at every request that the shard remembers.</summary>
    public IEnumerable<(RequestId Request, RecordedAnswer Answer)> Of(string entity, LogPosition after) => _order
        .Where(remembered => remembered.Position > after && remembered.Key.Entity == entity)
        .Select(remembered => (remembered.Key.Request, _answers[remembered.Key]));

    public void Apply(LogEntry entry)
    {
        if (entry.Kind == EntryKind.Evict)
        {
            Evict(entry.EvictThrough);
        }
        else if (entry.Kind == EntryKind.Write && !entry.Request.IsNone)
        {
            var key = new Key(entry.Entity, entry.Request);
            var added = _answers.TryAdd(key, new(entry.Position, entry.Fingerprint, entry.EntityVersion, entry.Answer));
            Debug.Assert(added, "A request id took effect twice for one entity.");
            _order.Enqueue((entry.Position, key));
        }
    }

    private void Evict(LogPosition through)
    {
        while (_order.TryPeek(out var oldest) && oldest.Position <= through)
        {
            _order.Dequeue();
            _answers.Remove(oldest.Key);
        }

        Evicted = LogPosition.Max(Evicted, through);
    }

    private readonly record struct Key(string Entity, RequestId Request)
    {
        public override int GetHashCode() => HashCode.Combine(Request.Low, Request.High, Entity.Length);
    }
}
