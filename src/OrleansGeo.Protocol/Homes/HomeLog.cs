using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

/// <summary>
/// A shard's log at its home: requests are staged, sealed into rows, stored here first, then shipped, then acknowledged.
/// Pure: inputs are method calls, effects are return values. Not thread-safe: the shard's lock guards it.
/// </summary>
/// <remarks>
/// <para>Order of an entry's life: <see cref="Stage"/> → <see cref="Seal"/> → (own store) → <see cref="Appended"/> → <see cref="NextShipment"/> →
/// <see cref="Replied"/> → acknowledged. Store first: every replica is a prefix of the home within an epoch.</para>
/// <para>Stored: on the home's disk. Stable: on a majority of regions, counted only once an entry of the current epoch is.
/// <c>q</c> shards acknowledge what is stable, <c>r</c> and <c>c</c> shards what is stored.</para>
/// </remarks>
internal sealed partial class HomeLog
{
    /// <summary>Of what is retained, so many entries may be forgotten together.</summary>
    private const int AgedTogether = 1024;

    private readonly HomeLogConfig _config;
    private readonly int _self;
    private readonly ReplicaProgress[] _replicas;
    private readonly LogTail _tail = new();
    private readonly Queue<(LogPosition Last, TimeSpan At)> _ages = new();
    private List<LogEntry> _open = [];
    private readonly Dictionary<string, LogEntry> _openByEntity = new(StringComparer.Ordinal);
    private int _openBytes;
    private long _stagedBytes;
    private readonly Queue<(LogPosition Last, int Bytes)> _unacknowledged = new();
    private readonly Queue<(LogPosition Last, int Bytes)> _retained = new();
    private LogPosition _trimming;
    private bool _sealed;
    private LogPosition _lastStaged;
    private LogPosition _lastAged;

    /// <param name="config">What the log is.</param>
    /// <param name="head">The store's head.</param>
    /// <param name="retained">Every row that the store has, in order.</param>
    /// <param name="now">The home's monotonic time. The deduplication window of what is retained starts again here.</param>
    /// <exception cref="FormatException">A row is of a newer version, or damaged.</exception>
    public HomeLog(HomeLogConfig config, ShardHead head, IEnumerable<LogRow> retained, TimeSpan now)
        : this(config, head)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in retained)
        {
            Replay(row, names, now);
        }

        Begin(now);
    }

    /// <summary>Not open yet: <see cref="HomeLogOpening"/> replays what is retained.</summary>
    internal HomeLog(HomeLogConfig config, ShardHead head)
    {
        if (config.Token.IsFencedBy(head.Promised) || head.Copying)
        {
            throw new InvalidOperationException($"{config.Token} cannot be home: the store promised {head.Promised}{(head.Copying ? " and is copying" : "")}.");
        }

        _config = config;
        _self = config.Regions.IndexOf(config.Token.Region);
        _replicas = [.. config.Replicas.Select(region => new ReplicaProgress(config.Regions.IndexOf(region)))];
        Head = head;
        // A row shard's checkpoint is not bounded by the majority: what that has is learnt anew.
        Stable = config.Family == ShardFamily.Row ? LogPosition.Zero : head.Checkpoint;
        _lastStaged = head.Last;

        // Every epoch but a world's first begins with an entry of its own, and serves once that is stable.
        ReadyAt = head.LastEpoch == config.Token.Epoch && config.Token.Epoch > 1 ? head.Epochs.StartOf(head.Last) : LogPosition.Zero;
        foreach (var replica in _replicas)
        {
            replica.Next = head.Last.Next;
        }
    }

    public HomeLogConfig Config => _config;

    /// <summary>The own store's head, as far as it was reported.</summary>
    public ShardHead Head { get; private set; }

    public LogPosition Stored => Head.Last;

    public LogPosition Stable { get; private set; }

    /// <summary>Everything up to here is acknowledged and visible.</summary>
    public LogPosition Acknowledged { get; private set; }

    /// <summary>The position of this epoch's first entry: nothing is acknowledged before it is stable.</summary>
    public LogPosition ReadyAt { get; private set; }

    /// <summary>
    /// Whether what earlier epochs left is settled on a majority. A home that recovered the log serves from then on. One that was handed the
    /// whole log knows that it is the only one, and serves as soon as its epoch has begun: its answers wait for this, its requests need not.
    /// </summary>
    public bool IsReady => _config.Family == ShardFamily.Row ? Stored >= ReadyAt : Stable >= ReadyAt;

    public LogPosition LastStaged => _lastStaged;

    public ShardRecords Records { get; } = new();

    public DeduplicationWindow Deduplication { get; } = new();

    public LogTail Tail => _tail;

    /// <summary>Bytes of rows in the log, trimmed ones excepted.</summary>
    public long RetainedBytes { get; private set; }

    /// <summary>Whether <see cref="Seal"/> would give a row.</summary>
    public bool CanSeal => !_sealed && _open.Count > 0;

    /// <summary>Whether the open row is as large as a row may be.</summary>
    public bool IsFull => _openBytes >= _config.BatchBytes;

    /// <summary>Whether the shard is being handed over: nothing is staged any more.</summary>
    public bool IsHandingOver { get; private set; }

    /// <summary>
    /// Whether the hand-over's token can be sent: everything that was staged is stored here and on its way to the replica. On a region shard it
    /// must have arrived there. On a quorum shard what does not arrive is found on a majority, if it was acknowledged; and what is not yet
    /// acknowledged may still be, here: that it is on a majority, and so in every later home's log, stays true whoever is home by then.
    /// </summary>
    public bool IsDrainedInto(int replica) => IsHandingOver
        && IsReady
        && Stored == _lastStaged
        && _replicas[replica] is { IsKnown: true, NeedsCopy: false, Refusal: null } progress
        && (_config.Family == ShardFamily.Region ? progress.Match == _lastStaged : progress.Next > _lastStaged);

    /// <summary>Stages nothing from here on, so that the log comes to an end that can be handed over.</summary>
    public void BeginHandOver() => IsHandingOver = true;

    /// <summary>The shard stays after all. Only as long as no token was sent.</summary>
    public void EndHandOver() => IsHandingOver = false;

    /// <summary>Gives a request its place in the log and makes its writes visible to the entity's next request.</summary>
    public StageResult Stage(in StageRequest request)
    {
        if (IsHandingOver)
        {
            return new(StageVerdict.HandingOver, default, default);
        }

        if (!request.Request.IsNone && Deduplication.TryFind(request.Record.Entity, request.Request, out var answer))
        {
            return new(StageVerdict.Repeated, answer.Position, answer.EntityVersion);
        }

        // Orleans allows two activations of one grain for a while: only the one that built on the newest record may write.
        if (request.Record.IsClosed || request.Record.Current is not { } current || current.Version != request.Expected)
        {
            return new(StageVerdict.StaleRecord, default, default);
        }

        if (!request.IsMove && Residence.HasLeft(current))
        {
            return new(StageVerdict.Moved, default, default);
        }

        if (_stagedBytes >= _config.StagedBytes)
        {
            return new(StageVerdict.TooManyStaged, default, default);
        }

        if ((Deduplication.Count >= _config.DeduplicationEntries || Deduplication.RememberedBytes >= _config.DeduplicationBytes) && !request.IsMove)
        {
            return new(StageVerdict.TooManyRequests, default, default);
        }

        var entry = CreateEntry(request, current.Version);
        Squash(entry);
        Add(entry);
        Records.Apply(entry);
        Deduplication.Apply(entry);
        return new(StageVerdict.Staged, entry.Position, entry.EntityVersion);
    }

    /// <summary>Stages the first entry of this epoch, which makes what earlier epochs left countable as stable. Once, before any request.</summary>
    /// <returns>Its position; nothing is acknowledged before it is stable.</returns>
    public LogPosition StageEpochStart()
    {
        if (_lastStaged != Head.Last || Head.LastEpoch == _config.Token.Epoch)
        {
            throw new InvalidOperationException($"Epoch {_config.Token.Epoch} has begun already: the log ends at {_lastStaged} in epoch {Head.LastEpoch}.");
        }

        Add(new() { Kind = EntryKind.EpochStart, Position = _lastStaged.Next });
        ReadyAt = _lastStaged;
        return _lastStaged;
    }

    /// <summary>Closes the open row. One row at a time is on its way to the store; the next collects meanwhile.</summary>
    public IReadOnlyList<LogEntry>? Seal()
    {
        if (!CanSeal)
        {
            return null;
        }

        var entries = _open;
        _sealed = true;
        _unacknowledged.Enqueue((entries[^1].Position, _openBytes));
        _open = [];
        _openByEntity.Clear();
        _openBytes = 0;
        return entries;
    }

    /// <summary>The own store has the row.</summary>
    public void Appended(LogRow row, ImmutableArray<LogEntry> entries, TimeSpan now)
    {
        if (!_sealed || row.First != Head.Last.Next || row.Epoch != _config.Token.Epoch)
        {
            throw new InvalidOperationException($"Row {row.First}-{row.Last} of epoch {row.Epoch} is not the one that was sealed after {Head.Last}.");
        }

        _sealed = false;
        Head = AppendFence.Advance(Head, _config.Token, [row], 0);
        _tail.Add(row, entries);
        Retain(row);
        if (entries.Any(static entry => entry.Kind != EntryKind.Evict))
        {
            // An eviction ages nothing: an idle shard would write one for the one before, for ever.
            Age(row.Last, now);
        }

        Advance();
    }

    /// <summary>
    /// Stages the entry that makes every region forget old request ids, if any are older than the window; or, while there are more than half of what may be
    /// remembered, older than its floor.
    /// </summary>
    /// <remarks>
    /// Half of the limit: a home that opens the log does not know how old what is in it is, and keeps all of it for a floor; meanwhile as much may be added as a
    /// load brings with which the half lasts for a floor. So such a load is never refused for what is remembered.
    /// </remarks>
    public bool EvictOld(TimeSpan now)
    {
        if (IsHandingOver)
        {
            return false;
        }

        var through = LogPosition.Zero;
        LogPosition? surplus = null;
        while (_ages.TryPeek(out var oldest))
        {
            var age = now - oldest.At;
            if (age < _config.DeduplicationWindow
                && (age < _config.DeduplicationFloor || (surplus ??= Deduplication.Surplus(_config.DeduplicationEntries / 2, _config.DeduplicationBytes / 2)) <= through))
            {
                break;
            }

            through = oldest.Last;
            _ages.Dequeue();
        }

        if (through <= Deduplication.Evicted)
        {
            return false;
        }

        var entry = new LogEntry { Kind = EntryKind.Evict, Position = _lastStaged.Next, EvictThrough = through };
        Add(entry);
        Deduplication.Apply(entry);
        return true;
    }

    private LogEntry CreateEntry(in StageRequest request, RecordVersion current)
    {
        var position = _lastStaged.Next;
        var version = new RecordVersion(_config.Token.Epoch, position);
        var changes = ImmutableArray<StateRecord>.Empty;
        if (!request.Changes.IsDefaultOrEmpty)
        {
            var records = new StateRecord[request.Changes.Length];
            for (var i = 0; i < records.Length; i++)
            {
                var change = request.Changes[i];
                records[i] = new(change.Name, version, change.Bytes);
            }

            changes = ImmutableCollectionsMarshal.AsImmutableArray(records);
        }

        return new()
        {
            Kind = EntryKind.Write,
            Position = position,
            Entity = request.Record.Entity,
            Request = request.Request,
            Fingerprint = request.Fingerprint,
            EntityVersion = changes.IsEmpty ? current : version,
            Changes = changes,
            Answer = request.Answer,
        };
    }

    /// <summary>In one row only the last value of a state matters: a hot entity costs one record a row, not one a request.</summary>
    private void Squash(LogEntry entry)
    {
        if (entry.Changes.IsEmpty)
        {
            return;
        }

        if (_openByEntity.TryGetValue(entry.Entity, out var earlier))
        {
            var before = earlier.SizeBytes;
            earlier.Changes = earlier.Changes.Length == 1 && entry.Changes.Length == 1 && earlier.Changes[0].Name == entry.Changes[0].Name
                ? []
                : earlier.Changes.RemoveAll(change => entry.Changes.Any(later => later.Name == change.Name));
            _openBytes -= before - earlier.SizeBytes;
            _stagedBytes -= before - earlier.SizeBytes;
        }

        _openByEntity[entry.Entity] = entry;
    }

    private void Add(LogEntry entry)
    {
        Debug.Assert(entry.Position == _lastStaged.Next, "The log has no gaps.");
        _open.Add(entry);
        _openBytes += entry.SizeBytes;
        _stagedBytes += entry.SizeBytes;
        _lastStaged = entry.Position;
    }

    private void Retain(LogRow row)
    {
        RetainedBytes += row.Bytes.Length;
        _retained.Enqueue((row.Last, row.Bytes.Length));
    }

    private void Age(LogPosition last, TimeSpan now)
    {
        _ages.Enqueue((last, now));
        _lastAged = last;
    }

    /// <summary>Takes a row that the store has, in order, before <see cref="Begin"/>.</summary>
    /// <param name="row">The row. Nothing of it is kept if it is below the checkpoint.</param>
    /// <param name="names">The same for all rows: what is remembered of an entity has its name once.</param>
    /// <param name="now">See <see cref="Begin"/>.</param>
    internal void Replay(LogRow row, HashSet<string> names, TimeSpan now)
    {
        var entries = LogRowCodec.Decode(row, names);
        Retain(row);
        if (row.Last.Value - _lastAged.Value >= AgedTogether)
        {
            Age(row.Last, now);
        }

        foreach (var entry in entries)
        {
            Deduplication.Apply(entry);
            if (entry.Position > Head.Checkpoint)
            {
                Records.Apply(entry);
            }
        }

        if (row.Last > Head.Checkpoint)
        {
            _tail.Add(row, entries);
        }
    }

    /// <summary>All that the store has is replayed: the log is open.</summary>
    /// <param name="now">The home's monotonic time. The deduplication window of what is retained starts again here.</param>
    internal void Begin(TimeSpan now)
    {
        if (Head.Last > Head.Trimmed && Head.Last > _lastAged)
        {
            Age(Head.Last, now);
        }

        Advance();
    }

    /// <summary>Recomputes the stable and the acknowledged position. Neither ever falls.</summary>
    private void Advance()
    {
        var candidate = QuorumPosition();
        if (candidate > Stable && Head.Epochs.EpochAt(candidate) == _config.Token.Epoch)
        {
            Stable = candidate;
        }

        // Nobody else can ever be home of a row shard: what its owner has stored is final.
        var isFinal = _config.Family == ShardFamily.Row || (_config.Family == ShardFamily.Region && IsReady);
        var acknowledged = isFinal ? Stored : Stable;
        Acknowledged = LogPosition.Max(Acknowledged, acknowledged);
        while (_unacknowledged.TryPeek(out var oldest) && oldest.Last <= Acknowledged)
        {
            _stagedBytes -= oldest.Bytes;
            _unacknowledged.Dequeue();
        }
    }

    /// <summary>The last position that so many regions have that it takes no more.</summary>
    private LogPosition QuorumPosition()
    {
        var position = HasQuorum(Stored) ? Stored : LogPosition.Zero;
        foreach (var replica in _replicas)
        {
            if (replica.Match > position && HasQuorum(replica.Match))
            {
                position = replica.Match;
            }
        }

        return position;
    }

    private bool HasQuorum(LogPosition position)
    {
        var holders = Stored >= position ? default(RegionSet).With(_self) : default;
        foreach (var replica in _replicas)
        {
            holders = replica.Match >= position ? holders.With(replica.Region) : holders;
        }

        return _config.Quorums.IsQuorum(holders);
    }
}
