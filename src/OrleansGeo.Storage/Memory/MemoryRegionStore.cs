using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Memory;

/// <summary>A region's store in memory, for tests and simulation. Its content is a <see cref="MemoryRegionDisk"/>, which survives it.</summary>
/// <remarks>
/// As durable stores do, it takes what waits into one commit, makes it durable together and answers in order. Without commit latency or
/// pause a mutation is complete when the call returns, so that a simulation decides by itself what is concurrent.
/// </remarks>
public sealed class MemoryRegionStore(MemoryRegionDisk disk, TimeProvider? time = null) : IRegionStore
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private List<MemoryMutation> _queue = [];
    private Task _committing = Task.CompletedTask;
    private bool _isCommitting;
    private State _state;

    private enum State
    {
        Closed,
        Open,
        Disposed,
    }

    /// <inheritdoc/>
    public string Description => "memory store";

    /// <inheritdoc/>
    public StoreLife Life { get; private set; }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public bool IsContinued { get; private set; }

    /// <inheritdoc/>
    public Task<bool> FindEvidenceAsync(CancellationToken cancellationToken = default) => Read(on => IsContinued = on.IsVouched, cancellationToken);

    /// <inheritdoc/>
    public Task VouchAsync(CancellationToken cancellationToken = default) => Write(on => IsContinued = on.Vouch(), cancellationToken);

    /// <inheritdoc/>
    public Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default) => Attempt(
        () =>
        {
            lock (_gate)
            {
                if (_state != State.Closed)
                {
                    throw new InvalidOperationException($"A {Description} is opened once. Open the disk with a new store.");
                }

                Life = disk.Open(this, world);
                IsContinued = disk.IsVouched;
                _state = State.Open;
                return true;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default) =>
        Read(on => on.Shards, cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default) =>
        Read(on => on.Find(shard)?.Head ?? ShardHead.Empty, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default) =>
        Write(on => on.Change(shard, to => to.Append(command)), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default) =>
        Write(on => on.Change(shard, to => to.Promise(token)), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CutAsync(
        ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch, CancellationToken cancellationToken = default) => Write(
        on => on.Change(
            shard,
            to =>
            {
                var head = to.Cut(token, keepThrough, foreignEpoch, out var removed);
                on.Ledger.Keep(shard, removed);
                return head;
            }),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LogRow>> ReadLogAsync(
        ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default) =>
        Read(on => on.Find(shard)?.ReadLog(from, maxBytes) ?? [], cancellationToken);

    /// <inheritdoc/>
    public Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default) =>
        Read(on => on.Find(shard)?.ReadRecord(entity) ?? EntityRecord.Empty, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(
        ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default) =>
        Read(on => on.Find(shard)?.ReadRecords(afterEntity, maxBytes) ?? [], cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CheckpointAsync(
        ShardId shard,
        FencingToken token,
        LogPosition through,
        ImmutableArray<StoredRecord> changes,
        CancellationToken cancellationToken = default) =>
        Write(on => on.Change(shard, to => to.Checkpoint(token, through, changes)), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> TrimAsync(
        ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default) =>
        Write(on => on.Change(shard, to => to.Trim(token, through)), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CopyAsync(
        ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default) => Write(
        on => on.Change(
            shard,
            to =>
            {
                var head = to.Copy(token, command, out var removed);
                on.Ledger.Keep(shard, removed);
                return head;
            }),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<CutRow>> ReadCutRowsAsync(IReadOnlySet<long>? known = null, CancellationToken cancellationToken = default) =>
        Read(on => on.Ledger.Cuts.RemoveAll(cut => known?.Contains(cut.Id) == true), cancellationToken);

    /// <inheritdoc/>
    public Task MarkAsync(LedgerMark mark, CancellationToken cancellationToken = default) =>
        Write(on => on.Ledger.Mark(mark), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken = default) =>
        Read(on => on.Ledger.Marks, cancellationToken);

    /// <inheritdoc/>
    public Task SuspectAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Write(on => on.Ledger.Suspect(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task ClearSuspicionAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Write(on => on.Ledger.Clear(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken = default) =>
        Read(on => on.Ledger.Suspicions, cancellationToken);

    /// <inheritdoc/>
    public Task<RegisterTaken> TakeAsync(string register, RegisterMessage message, CancellationToken cancellationToken = default) =>
        message is RegisterMessage.Read
            ? Read(on => on.Take(register, message), cancellationToken)
            : Write(on => on.Take(register, message), cancellationToken);

    /// <summary>Waits for what is queued, also while paused, then lets another store open the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        Task committing;
        lock (_gate)
        {
            _state = State.Disposed;
            committing = _committing;
        }

        await committing.ConfigureAwait(false);
        disk.Close(this);
    }

    internal static RegionStoreException Unavailable(string description) =>
        new(RegionStoreFailure.Unavailable, $"{description} is made to fail by {nameof(MemoryStoreFaults)}. Repeat the call later.");

    private Task<T> Read<T>(Func<MemoryRegionDisk, T> read, CancellationToken cancellationToken) => Attempt(
        () =>
        {
            RequireOpen();
            return disk.Use(this, read);
        },
        cancellationToken);

    private Task<bool> Write(Action<MemoryRegionDisk> change, CancellationToken cancellationToken) => Write(
        on =>
        {
            change(on);
            return true;
        },
        cancellationToken);

    private Task<T> Write<T>(Func<MemoryRegionDisk, T> change, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var mutation = new MemoryMutation<T>(() => disk.Use(this, change));
        lock (_gate)
        {
            try
            {
                RequireOpen();
            }
            catch (InvalidOperationException refusal)
            {
                return Task.FromException<T>(refusal);
            }

            if (!_isCommitting && disk.Faults.CommitLatency == TimeSpan.Zero)
            {
                mutation.Execute(disk.Faults, Description);
                CompleteWhenResumed(mutation);
                return cancellationToken.CanBeCanceled ? mutation.Task.WaitAsync(cancellationToken) : mutation.Task;
            }

            _queue.Add(mutation);
            if (!_isCommitting)
            {
                _isCommitting = true;
                _committing = CommitAsync();
            }
        }

        return cancellationToken.CanBeCanceled ? mutation.Task.WaitAsync(cancellationToken) : mutation.Task;
    }

    /// <summary>While paused, a mutation has its effect and no answer: what comes after it is not held up.</summary>
    private void CompleteWhenResumed(MemoryMutation mutation)
    {
        var resumed = disk.Faults.Resumed;
        if (resumed.IsCompleted)
        {
            mutation.Complete();
        }
        else
        {
            resumed.ContinueWith(_ => mutation.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Commits groups until none is left.</summary>
    private async Task CommitAsync()
    {
        // Never on the stack of a caller, which holds the gate.
        await Task.Yield();
        while (true)
        {
            List<MemoryMutation> group;
            lock (_gate)
            {
                if (_queue.Count == 0)
                {
                    _isCommitting = false;
                    return;
                }

                group = _queue;
                _queue = [];
            }

            await Task.Delay(disk.Faults.CommitLatency, _time).ConfigureAwait(false);
            foreach (var mutation in group)
            {
                mutation.Execute(disk.Faults, Description);
            }

            await disk.Faults.Resumed.ConfigureAwait(false);
            foreach (var mutation in group)
            {
                mutation.Complete();
            }
        }
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state != State.Open)
        {
            throw new InvalidOperationException($"The {Description} is not open. Call OpenAsync first.");
        }
    }

    private static Task<T> Attempt<T>(Func<T> action, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(action());
        }
        catch (Exception exception) when (exception is RegionStoreException or InvalidOperationException)
        {
            return Task.FromException<T>(exception);
        }
    }
}
