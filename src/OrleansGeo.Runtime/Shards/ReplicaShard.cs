using System.Collections.Immutable;
using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard where it is not at home: the shell around <see cref="ReplicaLog"/>. Takes the home's messages one at a time.</summary>
internal sealed class ReplicaShard : Shard, ISeatReplica
{
    private static readonly LogPosition Everything = new(long.MaxValue);

    /// <summary>A store that takes longer hangs, and must not keep the shard from being opened.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    private readonly bool _isRow;
    private readonly Func<bool> _mayShow;
    private readonly SemaphoreSlim _messages = new(1, 1);
    private readonly GeoLimits _limits;
    private readonly TimeProvider _time;
    private readonly FreshnessTracker _freshness;
    private readonly LeaseClock _clock;
    private ReplicaLog _log;
    private volatile string? _refused;
    private TaskCompletionSource? _moved;
    private long _freshAtTicks = -1;
    private RecordVersion _shown;
    private bool _copying;

    /// <summary>A step of the store is under way, or failed: it may have taken effect. Then what is in memory is not what the store holds.</summary>
    private bool _isUnknown;

    /// <summary>What was shown above this position is gone, if the cut that is under way was made.</summary>
    private LogPosition? _cutAfter;
    private (Guid Copy, int Page) _copy;
    private long _lastCheckpoint;

    private ReplicaShard(ShardId id, HomeAssignment home, IRegionStore store, bool isRow, Func<bool> mayShow, ReplicaLog log, FreshnessTracker freshness, GeoLimits limits, LeaseClock clock, TimeProvider time)
        : base(id, home, store)
    {
        (_isRow, _mayShow) = (isRow, mayShow);
        _log = log;
        _freshness = freshness;
        _clock = clock;
        _limits = limits;
        _time = time;
        _lastCheckpoint = time.GetTimestamp();
        NoteFreshness();
    }

    public override bool IsHome => false;

    public override long Freshness => Volatile.Read(ref _freshAtTicks);

    public override int StalenessOf(long freshness) => freshness < 0 ? -1 : Milliseconds(_clock.Now - new TimeSpan(freshness));

    protected override ShardRecords Records => _log.Records;

    protected override LogPosition Checkpoint => _log.Head.Checkpoint;

    protected override EpochTable Epochs => _log.Head.Epochs;

    protected override LogPosition Shown => _log.Shown;

    protected override FloorVerdict Judge(RecordVersion floor) => _isRow ? base.Judge(floor) : SessionFloor.Check(floor, Epochs, Shown, _log.Settled);

    public long VerifiedEpoch
    {
        get
        {
            lock (Lock)
            {
                return _log.VerifiedEpoch;
            }
        }
    }

    /// <summary>Why rows of the own store cannot be read, or the home's were refused last, in words; null: all can be.</summary>
    public string? Unreadable
    {
        get
        {
            lock (Lock)
            {
                return _log.Unreadable ?? _refused;
            }
        }
    }

    /// <summary>Up to here the home's entries can be read here.</summary>
    public LogPosition Applied
    {
        get
        {
            lock (Lock)
            {
                return _log.Applied;
            }
        }
    }

    /// <param name="id">The shard.</param>
    /// <param name="home">Its home, as far as known.</param>
    /// <param name="store">The region's store.</param>
    /// <param name="isRow">It is a row shard: whatever its owner stored is final.</param>
    /// <param name="mayShow">Whether what the store holds may be shown: whether it may lack what was shown before.</param>
    /// <param name="committed">Up to here this region acknowledged the log itself, while it was home.</param>
    /// <param name="freshAt">Until when it was; null: it was not.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="clock">Measures staleness.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static async Task<ReplicaShard> OpenAsync(
        ShardId id, HomeAssignment home, IRegionStore store, bool isRow, Func<bool> mayShow, LogPosition committed, TimeSpan? freshAt, GeoLimits limits, LeaseClock clock, TimeProvider time, CancellationToken cancellationToken) =>
        new(id, home, store, isRow, mayShow, await OpenLogAsync(store, id, isRow ? Everything : committed, cancellationToken), new(freshAt), limits, clock, time);

    /// <summary>The home said where its log stands.</summary>
    /// <param name="asked">When it was asked, by the lease clock.</param>
    /// <param name="position">Its epoch, and up to where it had acknowledged.</param>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        lock (Lock)
        {
            _freshness.Answered(asked, position);
            Moved();
        }
    }

    /// <summary>Completes when a message of the home was taken, which may have moved what is shown, or when the replica closes.</summary>
    public Task WhenMovedAsync()
    {
        lock (Lock)
        {
            return ClosedBecause is not null ? Task.CompletedTask : (_moved ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public async Task<AppendReply> AppendAsync(AppendMessage message)
    {
        await _messages.WaitAsync(Closing);
        try
        {
            await KnowAsync();
            for (; ; )
            {
                ReplicaStep step;
                lock (Lock)
                {
                    ThrowIfClosed();
                    step = _log.Receive(message);
                    Moved();
                }

                switch (step)
                {
                    case ReplicaStep.Answer answer:
                        return Noted(answer.Reply);
                    case ReplicaStep.Store toStore:
                        return Noted(await StoreAsync(toStore));

                    case ReplicaStep.Cut cut:
                        (_isUnknown, _cutAfter) = (true, cut.KeepThrough);
                        await Store.CutAsync(Id, message.Token, cut.KeepThrough, cut.ForeignEpoch, CancellationToken.None);
                        await ReopenAsync();
                        break;
                }
            }
        }
        finally
        {
            _messages.Release();
        }
    }

    /// <summary>What cannot be read stays so until something can that comes after it.</summary>
    private AppendReply Noted(AppendReply reply)
    {
        if (reply.Verdict is AppendVerdict.Stored or AppendVerdict.Unreadable)
        {
            _refused = reply.Problem;
        }

        return reply;
    }

    private async Task<AppendReply> StoreAsync(ReplicaStep.Store step)
    {
        var message = step.Message;
        _isUnknown = true;
        var result = await Store.AppendAsync(Id, new(message.Token, message.Previous, message.PreviousEpoch, message.Rows), CancellationToken.None);
        AppendReply reply;
        lock (Lock)
        {
            reply = _log.Stored(step, result.Verdict, result.Head);
            Moved();
            _isUnknown = false;
        }

        if (result.Verdict is not (AppendVerdict.Stored or AppendVerdict.Fenced))
        {
            // Another activation of this replica changed the store since it was read.
            await ReopenAsync();
        }

        return reply;
    }

    /// <summary>Takes a page of a copy. Pages of one copy come in order; a page out of order is refused, and the home starts over.</summary>
    public async Task<bool> CopyAsync(CopyMessage message)
    {
        await _messages.WaitAsync(Closing);
        try
        {
            await KnowAsync();
            if (message.Start is { } start)
            {
                _isUnknown = true;
                StopReading();
                var head = await Store.CopyAsync(Id, message.Token, new CopyCommand.Begin(message.Copy, start), CancellationToken.None);
                if (!head.Copying)
                {
                    await ReopenAsync();
                    return false;
                }

                _copy = (message.Copy, 0);
                await ReopenAsync();
            }

            if (_copy != (message.Copy, message.Page))
            {
                return false;
            }

            _copy.Page++;
            var records = message.Entities.Zip(message.Records, static (entity, record) => new StoredRecord(entity, record)).ToImmutableArray();
            await Store.CopyAsync(Id, message.Token, new CopyCommand.Add(message.Copy, records), CancellationToken.None);
            if (message.Finish is { } finish)
            {
                _isUnknown = true;
                await Store.CopyAsync(Id, message.Token, new CopyCommand.Finish(message.Copy, finish.Trimmed, finish.Checkpoint, finish.Epochs), CancellationToken.None);
                await ReopenAsync();
            }

            return true;
        }
        finally
        {
            _messages.Release();
        }
    }

    public override async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await _messages.WaitAsync(cancellationToken);
        try
        {
            await KnowAsync();
            await CheckpointAsync(cancellationToken);
            await TrimAsync(cancellationToken);
        }
        finally
        {
            _messages.Release();
        }
    }

    /// <summary>Completes when nothing is under way in the store, or when that hangs. After <see cref="Shard.Close"/> nothing begins.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        if (await _messages.WaitAsync(LongestStep, cancellationToken))
        {
            _messages.Release();
        }
    }

    protected override void ThrowIfUnreadable()
    {
        if (!_mayShow())
        {
            throw new ShardClosedException(Id, "its region's store was not compared with the other regions yet, and may lack what was shown before");
        }

        if (_copying || _log.Head.Copying || _log.Applied < _shown.Position)
        {
            throw new ShardClosedException(Id, "its records are being brought up to what was shown before");
        }
    }

    protected override void OnClosing(ShardClosedException exception) => _moved?.TrySetResult();

    /// <summary>Under the lock: what is shown may have changed.</summary>
    private void Moved()
    {
        NoteFreshness();
        _moved?.TrySetResult();
        _moved = null;
    }

    private void NoteFreshness()
    {
        if (!_copying && !_log.Head.Copying)
        {
            _freshness.Shows(_log.VerifiedEpoch, _log.Verified, _log.Applied);
        }

        Volatile.Write(ref _freshAtTicks, _freshness.FreshAt?.Ticks ?? -1);
    }

    // Upwards: a bound that was rounded down is none.
    internal static int Milliseconds(TimeSpan age) => (int)Math.Min(int.MaxValue, Math.Ceiling(age.TotalMilliseconds));

    private static async Task<ReplicaLog> OpenLogAsync(IRegionStore store, ShardId id, LogPosition committed, CancellationToken cancellationToken)
    {
        var head = await store.ReadHeadAsync(id, cancellationToken);
        var rows = new List<LogRow>();
        if (!head.Copying)
        {
            // What is above the checkpoint stays in memory anyway.
            await foreach (var page in LogPages.ReadAsync(store, id, LogPosition.Max(head.Checkpoint, head.Trimmed).Next, cancellationToken))
            {
                rows.AddRange(page);
            }
        }

        return new(head, rows, committed);
    }

    /// <summary>A step of the store failed, and what became of it is unknown: before anything else the log is read anew.</summary>
    private Task KnowAsync() => _isUnknown ? ReopenAsync() : Task.CompletedTask;

    /// <summary>What was read so far may be gone: begin again from the store, and have every activation load again.</summary>
    private async Task ReopenAsync()
    {
        var log = await OpenLogAsync(Store, Id, _isRow ? Everything : LogPosition.Zero, CancellationToken.None);
        lock (Lock)
        {
            if (_log.Shown > _shown.Position)
            {
                _shown = new(_log.Head.Epochs.EpochAt(_log.Shown), _log.Shown);
            }

            // A copy may have taken what was shown, like a cut: then a later epoch began at or before it without it.
            var kept = log.Head.Epochs.EndOf(_shown.Epoch, LogPosition.Min(_shown.Position, _cutAfter ?? _shown.Position));
            _shown = _shown with { Position = kept };
            _log.Records.Close();
            _log = log;
            (_copying, _isUnknown, _cutAfter) = (false, false, null);
            Moved();
        }
    }

    /// <summary>A copy begins: until it is done there is nothing whole to read here.</summary>
    private void StopReading()
    {
        lock (Lock)
        {
            _copying = true;
            _log.Records.Close();
        }
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        LogPosition target;
        Dictionary<string, EntityRecord> changes;
        FencingToken token;
        lock (Lock)
        {
            target = _log.CheckpointTarget;
            var isDue = _log.EntriesAboveCheckpoint >= _limits.CheckpointEntries || _time.GetElapsedTime(_lastCheckpoint) >= _limits.CheckpointInterval;
            if (target <= Checkpoint || !isDue)
            {
                return;
            }

            (changes, token) = (_log.ChangesThrough(target), _log.Head.Promised);
        }

        var head = await Store.CheckpointAsync(Id, token, target, [.. changes.Select(static change => new StoredRecord(change.Key, change.Value))], cancellationToken);
        lock (Lock)
        {
            _lastCheckpoint = _time.GetTimestamp();
            _log.Checkpointed(head, changes.Keys);
        }
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        LogPosition target;
        FencingToken token;
        lock (Lock)
        {
            (target, token) = (_log.TrimTarget, _log.Head.Promised);
            if (target <= _log.Head.Trimmed)
            {
                return;
            }
        }

        var head = await Store.TrimAsync(Id, token, target, cancellationToken);
        lock (Lock)
        {
            _log.Trimmed(head);
        }
    }
}
