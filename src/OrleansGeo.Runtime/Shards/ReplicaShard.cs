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
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard where it is not at home: does what <see cref="ReplicaRun"/> says with the own store. Decides nothing.</summary>
internal sealed class ReplicaShard : Shard, ISeatReplica
{
    /// <summary>A store that takes longer hangs, and must not keep the shard from being opened.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ReplicaRun _run;
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly LeaseClock _clock;
    private TaskCompletionSource? _moved;
    private long _freshAtTicks;

    private ReplicaShard(ShardId id, HomeAssignment home, IRegionStore store, Func<TimeSpan, ReplicaRun> open, LeaseClock clock, TimeProvider time)
        : base(id, home, store)
    {
        (_clock, _time, _openedAt) = (clock, time, time.GetTimestamp());
        _run = open(TimeSpan.Zero);
        Follow();
    }

    public override bool IsHome => false;

    public override long Freshness => Volatile.Read(ref _freshAtTicks);

    public override int StalenessOf(long freshness) => freshness < 0 ? -1 : Milliseconds(_clock.Now - new TimeSpan(freshness));

    protected override ShardRecords Records => _run.Log.Records;

    protected override LogPosition Checkpoint => _run.Log.Head.Checkpoint;

    protected override EpochTable Epochs => _run.Log.Head.Epochs;

    protected override LogPosition Shown => _run.Log.Shown;

    protected override FloorVerdict Judge(RecordVersion floor) => SessionFloor.Check(floor, Epochs, Shown, _run.Settled);

    public long VerifiedEpoch
    {
        get
        {
            lock (Lock)
            {
                return _run.Log.VerifiedEpoch;
            }
        }
    }

    /// <summary>See <see cref="ReplicaRun.Problem"/>.</summary>
    public string? Unreadable
    {
        get
        {
            lock (Lock)
            {
                return _run.Problem;
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
                return _run.Log.Applied;
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
        ShardId id, HomeAssignment home, IRegionStore store, bool isRow, Func<bool> mayShow, LogPosition committed, TimeSpan? freshAt, GeoLimits limits, LeaseClock clock, TimeProvider time, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(store, id, cancellationToken);
        var config = new ReplicaRunConfig { IsRow = isRow, CheckpointEntries = limits.CheckpointEntries, CheckpointInterval = limits.CheckpointInterval };
        return new(id, home, store, now => new(config, read, committed, freshAt, mayShow, now), clock, time);
    }

    /// <summary>The home said where its log stands.</summary>
    /// <param name="asked">When it was asked, by the lease clock.</param>
    /// <param name="position">Its epoch, and up to where it had acknowledged.</param>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        lock (Lock)
        {
            _run.Answered(asked, position);
            Follow();
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

    public async Task<AppendReply> AppendAsync(AppendMessage message) => ((ReplicaEffect.Answered)await TakeTurnAsync(run => run.Take(message), Closing)).Reply;

    /// <summary>Takes a page of a copy; false: the home is to start over.</summary>
    public async Task<bool> CopyAsync(CopyMessage message) => ((ReplicaEffect.Accepted)await TakeTurnAsync(run => run.Take(message), Closing)).IsTaken;

    public override Task MaintainAsync(CancellationToken cancellationToken) =>
        IsOpen ? TakeTurnAsync(run => run.Tidy(_time.GetElapsedTime(_openedAt)), cancellationToken) : Task.CompletedTask;

    /// <summary>Completes when nothing is under way in the store, or when that hangs. After <see cref="Shard.Close"/> nothing begins.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        if (await _turn.WaitAsync(LongestStep, cancellationToken))
        {
            _turn.Release();
        }
    }

    protected override void ThrowIfUnreadable()
    {
        if (_run.Unreadable is { } reason)
        {
            throw new ShardClosedException(Id, reason);
        }
    }

    protected override void OnClosing(ShardClosedException exception) => _moved?.TrySetResult();

    /// <summary>Under the lock: what is shown may have changed.</summary>
    private void Follow()
    {
        Volatile.Write(ref _freshAtTicks, _run.FreshAt?.Ticks ?? -1);
        _moved?.TrySetResult();
        _moved = null;
    }

    // Upwards: a bound that was rounded down is none.
    internal static int Milliseconds(TimeSpan age) => (int)Math.Min(int.MaxValue, Math.Ceiling(age.TotalMilliseconds));

    private static async Task<ReplicaRead> ReadAsync(IRegionStore store, ShardId id, CancellationToken cancellationToken)
    {
        var head = await store.ReadHeadAsync(id, cancellationToken);
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        if (ReplicaRead.From(head) is { } from)
        {
            await foreach (var page in LogPages.ReadAsync(store, id, from, cancellationToken))
            {
                rows.AddRange(page);
            }
        }

        return new(head, rows.ToImmutable());
    }

    private async Task<ReplicaEffect> TakeTurnAsync(Func<ReplicaRun, ReplicaEffect> begin, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var effect = Tell(run =>
            {
                ThrowIfClosed();
                return begin(run);
            });
            while (!effect.IsEnd)
            {
                var outcome = await DoAsync(effect, cancellationToken);
                effect = Tell(run => run.Done(outcome));
            }

            return effect;
        }
        catch
        {
            lock (Lock)
            {
                _run.Failed();
            }

            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private ReplicaEffect Tell(Func<ReplicaRun, ReplicaEffect> what)
    {
        lock (Lock)
        {
            var effect = what(_run);
            Follow();
            if (!effect.IsEnd)
            {
                ThrowIfClosed();
            }

            return effect;
        }
    }

    /// <summary>What the log depends on is waited for, whatever ends meanwhile.</summary>
    private async Task<object?> DoAsync(ReplicaEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case ReplicaEffect.Read:
                return await ReadAsync(Store, Id, CancellationToken.None);
            case ReplicaEffect.Append append:
                var result = await Store.AppendAsync(Id, new(append.Token, append.Previous, append.PreviousEpoch, append.Rows), CancellationToken.None);
                return new ReplicaStored(result.Verdict, result.Head);
            case ReplicaEffect.Cut cut:
                return await Store.CutAsync(Id, cut.Token, cut.KeepThrough, cut.ForeignEpoch, CancellationToken.None);
            case ReplicaEffect.BeginCopy begin:
                return await Store.CopyAsync(Id, begin.Token, new CopyCommand.Begin(begin.Copy, begin.Start), CancellationToken.None);
            case ReplicaEffect.AddToCopy add:
                var records = add.Entities.Zip(add.Records, static (entity, record) => new StoredRecord(entity, record)).ToImmutableArray();
                return await Store.CopyAsync(Id, add.Token, new CopyCommand.Add(add.Copy, records), CancellationToken.None);
            case ReplicaEffect.FinishCopy { Finish: var finish } end:
                return await Store.CopyAsync(Id, end.Token, new CopyCommand.Finish(end.Copy, finish.Trimmed, finish.Checkpoint, finish.Epochs), CancellationToken.None);
            case ReplicaEffect.Checkpoint checkpoint:
                return await Store.CheckpointAsync(
                    Id, checkpoint.Token, checkpoint.Through, [.. checkpoint.Changes.Select(static change => new StoredRecord(change.Key, change.Value))], cancellationToken);
            case ReplicaEffect.Trim trim:
                return await Store.TrimAsync(Id, trim.Token, trim.Through, cancellationToken);
            default:
                throw new InvalidOperationException($"{effect} is no step of a store.");
        }
    }
}
