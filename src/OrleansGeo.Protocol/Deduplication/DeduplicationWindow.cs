using System.Diagnostics;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Deduplication;

/// <summary>The requests that a shard's home remembers, so that a repeated one gets its first answer (invariant 8).</summary>
/// <remarks>
/// A function of the log alone: entries add, and only <see cref="EntryKind.Evict"/> entries remove, so that every region that replays
/// the log remembers the same. The log is kept at least as long as the window, so nothing else stores it. What is remembered does not keep the log in
/// memory: its answers are no parts of rows.
/// </remarks>
internal sealed class DeduplicationWindow
{
    /// <summary>What a remembered request takes beside its answer: its places in the table and in the order, and the answer's header.</summary>
    internal const int RequestBytes = 160;

    private readonly Dictionary<Key, RecordedAnswer> _answers = [];
    private readonly Queue<(LogPosition Position, Key Key)> _order = new();

    public int Count => _answers.Count;

    /// <summary>About how much memory is taken by what is remembered: the answers, and what each request takes beside its own.</summary>
    public long RememberedBytes { get; private set; }

    /// <summary>Everything up to here is forgotten.</summary>
    public LogPosition Evicted { get; private set; }

    public bool TryFind(string entity, RequestId request, out RecordedAnswer answer) => _answers.TryGetValue(new(entity, request), out answer);

    /// <summary>What is remembered of one entity's requests after a position, in the order of the log. Looks at every request that the shard remembers.</summary>
    public IEnumerable<(RequestId Request, RecordedAnswer Answer)> Of(string entity, LogPosition after) => _order
        .Where(remembered => remembered.Position > after && remembered.Key.Entity == entity)
        .Select(remembered => (remembered.Key.Request, _answers[remembered.Key]));

    /// <summary>Up to where the oldest must be forgotten, so that no more than this remains; <see cref="LogPosition.Zero"/>: nothing must.</summary>
    public LogPosition Surplus(int entries, long bytes)
    {
        var through = LogPosition.Zero;
        var (count, rest) = (Count, RememberedBytes);
        foreach (var (position, key) in _order)
        {
            if (count <= entries && rest <= bytes)
            {
                break;
            }

            through = position;
            count--;
            rest -= _answers.TryGetValue(key, out var answer) ? BytesOf(answer) : 0;
        }

        return through;
    }

    public void Apply(LogEntry entry)
    {
        if (entry.Kind == EntryKind.Evict)
        {
            Evict(entry.EvictThrough);
        }
        else if (entry.Kind == EntryKind.Write && !entry.Request.IsNone)
        {
            var key = new Key(entry.Entity, entry.Request);
            var answer = new RecordedAnswer(entry.Position, entry.Fingerprint, entry.EntityVersion, OwnedBytes.Of(entry.Answer));
            var added = _answers.TryAdd(key, answer);
            Debug.Assert(added, "A request id took effect twice for one entity.");
            RememberedBytes += added ? BytesOf(answer) : 0;
            _order.Enqueue((entry.Position, key));
        }
    }

    private void Evict(LogPosition through)
    {
        while (_order.TryPeek(out var oldest) && oldest.Position <= through)
        {
            _order.Dequeue();
            if (_answers.Remove(oldest.Key, out var answer))
            {
                RememberedBytes -= BytesOf(answer);
            }
        }

        Evicted = LogPosition.Max(Evicted, through);
    }

    private static long BytesOf(RecordedAnswer answer) => RequestBytes + answer.Answer.Length;

    private readonly record struct Key(string Entity, RequestId Request)
    {
        public override int GetHashCode() => HashCode.Combine(Request.Low, Request.High, Entity.Length);
    }
}
