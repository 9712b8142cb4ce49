using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A region's store whose reads of the ledger are counted, and can be held up.</summary>
internal sealed class WatchedStore(IRegionStore inner) : IRegionStore
{
    private volatile TaskCompletionSource? _heldLedger;
    private volatile TaskCompletionSource? _heldForgotten;
    private int _cutRows;
    private int _cutReads;
    private int _forgottenReads;

    /// <summary>How many cut rows were given to who reads them.</summary>
    public int CutRows => Volatile.Read(ref _cutRows);

    /// <summary>How often cut rows were asked for.</summary>
    public int CutReads => Volatile.Read(ref _cutReads);

    /// <summary>How often the store was asked what it may have forgotten.</summary>
    public int ForgottenReads => Volatile.Read(ref _forgottenReads);

    public string Description => inner.Description;

    public StoreLife Life => inner.Life;

    public bool IsShared => inner.IsShared;

    public bool IsContinued => inner.IsContinued;

    public Task<bool> FindEvidenceAsync(CancellationToken cancellationToken = default) => inner.FindEvidenceAsync(cancellationToken);

    public Task VouchAsync(CancellationToken cancellationToken = default) => inner.VouchAsync(cancellationToken);

    /// <summary>Reads of suspicions wait until the end of the test.</summary>
    public void HoldLedger() => _heldLedger = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads of what the store may have forgotten wait until <see cref="Release"/>.</summary>
    public void HoldForgotten() => _heldForgotten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        Interlocked.Exchange(ref _heldLedger, null)?.SetResult();
        Interlocked.Exchange(ref _heldForgotten, null)?.SetResult();
    }

    public Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default) => inner.OpenAsync(world, cancellationToken);

    public Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default) => inner.ListShardsAsync(cancellationToken);

    public Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default) => inner.ReadHeadAsync(shard, cancellationToken);

    public Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default) => inner.AppendAsync(shard, command, cancellationToken);

    public Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default) => inner.PromiseAsync(shard, token, cancellationToken);

    public Task<ShardHead> CutAsync(ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch, CancellationToken cancellationToken = default) =>
        inner.CutAsync(shard, token, keepThrough, foreignEpoch, cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadLogAsync(ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default) =>
        inner.ReadLogAsync(shard, from, maxBytes, cancellationToken);

    public Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default) => inner.ReadRecordAsync(shard, entity, cancellationToken);

    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default) =>
        inner.ReadRecordsAsync(shard, afterEntity, maxBytes, cancellationToken);

    public Task<ShardHead> CheckpointAsync(ShardId shard, FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes, CancellationToken cancellationToken = default) =>
        inner.CheckpointAsync(shard, token, through, changes, cancellationToken);

    public Task<ShardHead> TrimAsync(ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default) => inner.TrimAsync(shard, token, through, cancellationToken);

    public Task<ShardHead> CopyAsync(ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default) => inner.CopyAsync(shard, token, command, cancellationToken);

    public async Task<ImmutableArray<CutRow>> ReadCutRowsAsync(IReadOnlySet<long>? known = null, CancellationToken cancellationToken = default)
    {
        var rows = await inner.ReadCutRowsAsync(known, cancellationToken);
        Interlocked.Add(ref _cutRows, rows.Length);
        Interlocked.Increment(ref _cutReads);
        return rows;
    }

    public Task MarkAsync(LedgerMark mark, CancellationToken cancellationToken = default) => inner.MarkAsync(mark, cancellationToken);

    public Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken = default) => inner.ReadMarksAsync(cancellationToken);

    public Task SuspectAsync(Suspicion suspicion, CancellationToken cancellationToken = default) => inner.SuspectAsync(suspicion, cancellationToken);

    public Task ClearSuspicionAsync(Suspicion suspicion, CancellationToken cancellationToken = default) => inner.ClearSuspicionAsync(suspicion, cancellationToken);

    public async Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken = default)
    {
        if (_heldLedger is { } held)
        {
            await held.Task.WaitAsync(cancellationToken);
        }

        return await inner.ReadSuspicionsAsync(cancellationToken);
    }

    public async Task<RegisterTaken> TakeAsync(string register, RegisterMessage message, CancellationToken cancellationToken = default)
    {
        if (register == "forgotten" && message is RegisterMessage.Read)
        {
            Interlocked.Increment(ref _forgottenReads);
            if (_heldForgotten is { } held)
            {
                await held.Task.WaitAsync(cancellationToken);
            }
        }

        return await inner.TakeAsync(register, message, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
