using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>A region's store in one table of Azure Storage, which every silo of the region has open at the same time. A partition per shard.</summary>
/// <remarks>
/// <para>A mutation is complete once the account has it. Mutations of one shard made by one store take effect in the order in which they were made; of
/// several stores, one at a time. A read sees every mutation that was complete when the read was made, whichever store made it.</para>
/// <para><b>Why every mutation is atomic, also after an end at any step.</b> One row, the shard's head, is changed under its ETag by every mutation, and says which other rows count. An
/// append is one transaction of the head and its rows. A cut is one transaction of the head and a <see cref="CutRecord"/>, which makes the ledger's of rows that stay where
/// they are. A trim is the head, and that tombstones are gone. The begin of a copy is the head, a cut record, and the row that takes all records away at once
/// (<see cref="RecordsState.Generation"/>). Changes of records of any number are published with the head and written to their rows afterwards (<see cref="RecordsKeeper"/>).
/// Rows of an append that no transaction can take are written ahead under a generation that only the head makes a part of the log (<see cref="LogSegments"/>).
/// Whatever is written before the head changes counts for nothing without it; whatever is deleted, is deleted after the head stopped counting it, and again
/// by whoever comes next if that was not finished (<see cref="LogSweeper"/>).</para>
/// <para>What a request did whose answer was lost is read, never guessed (<see cref="StoreTable"/>).</para>
/// <para>Disposing waits for what was queued and for the work that is left after answers.</para>
/// </remarks>
public sealed class AzureTablesRegionStore : IRegionStore
{
    private const int ParallelReads = 16;

    private readonly AzureTablesStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoreTable _table;
    private readonly LedgerRows _ledger;
    private readonly RegisterRows _registers;
    private readonly ConcurrentDictionary<ShardId, Lazy<ShardWriter>> _writers = new();
    private StoreWorld? _world;
    private int _state;

    /// <exception cref="ArgumentException">The options are wrong: the message lists every problem.</exception>
    public AzureTablesRegionStore(AzureTablesStoreOptions options, TimeProvider? time = null, ILogger<AzureTablesRegionStore>? logger = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<AzureTablesRegionStore>.Instance;
        _table = new(options, _time);
        _ledger = new(_table);
        _registers = new(new(options, _time, isUrgent: true));
    }

    /// <inheritdoc/>
    public string Description => _table.Failures.Description;

    /// <inheritdoc/>
    public StoreLife Life { get; private set; }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public bool IsContinued { get; private set; }

    /// <inheritdoc/>
    public async Task<bool> FindEvidenceAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return IsContinued = IsContinued || await new WorldRow(_table).IsVouchedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task VouchAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        if (!IsContinued)
        {
            await new WorldRow(_table).VouchAsync(_world!, cancellationToken).ConfigureAwait(false);
            IsContinued = true;
        }
    }

    /// <inheritdoc/>
    public async Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, State.Opening, State.Closed) != State.Closed)
        {
            throw new InvalidOperationException($"{Description} is opened once, and not after it was disposed.");
        }

        try
        {
            if (!await _table.ExistsAsync(cancellationToken).ConfigureAwait(false))
            {
                await _table.CreateAsync(cancellationToken).ConfigureAwait(false);
            }

            (Life, IsContinued) = await new WorldRow(_table).OpenAsync(world, cancellationToken).ConfigureAwait(false);
            _world = world;
        }
        catch
        {
            Interlocked.CompareExchange(ref _state, State.Closed, State.Opening);
            throw;
        }

        ObjectDisposedException.ThrowIf(Interlocked.CompareExchange(ref _state, State.Open, State.Opening) != State.Opening, this);
        StoreEvents.Opened(_logger, Description, Life.Opened);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        var listed = await _table.QueryAsync(StoreKeys.Shards, "", "~~", pageRows: 1000, select: null, cancellationToken)
            .Select(static row => new ShardId(row.GetString("Shard") ?? "")).ToListAsync(cancellationToken).ConfigureAwait(false);

        // A shard is listed before it has a head; one whose first write failed never gets one.
        var written = new ConcurrentBag<ShardId>();
        await Parallel.ForEachAsync(
            listed,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (shard, token) =>
            {
                if (await _table.FindAsync(StoreKeys.Partition(shard), StoreKeys.Head, token).ConfigureAwait(false) is not null)
                {
                    written.Add(shard);
                }
            }).ConfigureAwait(false);
        return [.. written.Order()];
    }

    /// <inheritdoc/>
    public async Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default) =>
        (await Reader(shard).ReadHeadAsync(cancellationToken).ConfigureAwait(false)).Shard;

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default)
    {
        var cost = command.Rows.Aggregate(default(TransactionCost), static (sum, row) => sum + LogRows.CostOf(row));
        return Write(shard, steps => steps.Append(command), cost, canShare: true, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default) =>
        Write(shard, _ => ShardSteps.Promise(token), default, canShare: true, cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CutAsync(
        ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch, CancellationToken cancellationToken = default) =>
        Write(shard, steps => steps.Cut(token, keepThrough, foreignEpoch), default, canShare: false, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LogRow>> ReadLogAsync(ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default) =>
        Reader(shard).ReadLogAsync(from, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default) =>
        Reader(shard).ReadRecordAsync(entity, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(
        ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default) =>
        Reader(shard).ReadRecordsAsync(afterEntity, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CheckpointAsync(
        ShardId shard, FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes, CancellationToken cancellationToken = default) =>
        Write(shard, steps => steps.Checkpoint(token, through, changes), CostOf(changes), canShare: false, cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> TrimAsync(ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default) =>
        Write(shard, steps => steps.Trim(token, through), default, canShare: false, cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CopyAsync(ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default) => Write(
        shard, steps => steps.Copy(token, command), command is CopyCommand.Add add ? CostOf(add.Records) : default, canShare: false, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<CutRow>> ReadCutRowsAsync(IReadOnlySet<long>? known = null, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return _ledger.ReadCutsAsync(known ?? ImmutableHashSet<long>.Empty, cancellationToken);
    }

    /// <inheritdoc/>
    public Task MarkAsync(LedgerMark mark, CancellationToken cancellationToken = default) => Wait(() => _ledger.MarkAsync(mark), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return _ledger.ReadMarksAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SuspectAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Wait(() => _ledger.SuspectAsync(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task ClearSuspicionAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Wait(() => _ledger.ClearSuspicionAsync(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return _ledger.ReadSuspicionsAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegisterTaken> TakeAsync(string register, RegisterMessage message, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        cancellationToken.ThrowIfCancellationRequested();
        return message is RegisterMessage.Read
            ? new(Granted: true, await _registers.ReadAsync(register, cancellationToken).ConfigureAwait(false))
            : await _registers.TakeAsync(register, message).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _state, State.Disposed) == State.Open)
        {
            await Task.WhenAll(_writers.Values.Select(static writer => writer.Value.CloseAsync())).ConfigureAwait(false);
            StoreEvents.Closed(_logger, Description);
        }
    }

    private Task<T> Write<T>(
        ShardId shard, Func<ShardSteps, ShardStep<T>> step, TransactionCost cost, bool canShare, CancellationToken cancellationToken)
    {
        var writer = Writer(shard);
        return writer.EnqueueAsync(step(writer.Steps), cost, canShare, cancellationToken);
    }

    private Task Wait(Func<Task> write, CancellationToken cancellationToken)
    {
        RequireOpen();
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : write().WaitAsync(cancellationToken);
    }

    private ShardWriter Writer(ShardId shard)
    {
        RequireOpen();
        return _writers.GetOrAdd(shard, static (shard, store) => new(() => new(store._table, shard, store._ledger, store._options, store._time, store._logger)), this).Value;
    }

    private ShardReader Reader(ShardId shard) => new(_table, shard, Writer(shard).Records);

    private void RequireOpen()
    {
        var state = Volatile.Read(ref _state);
        ObjectDisposedException.ThrowIf(state == State.Disposed, this);
        if (state != State.Open)
        {
            throw new InvalidOperationException($"{Description} is not open. Call OpenAsync first.");
        }
    }

    private static TransactionCost CostOf(ImmutableArray<StoredRecord> records) => new(
        1, records.Sum(static record => record.Entity.Length + record.Record.States.Sum(static state => (long)(state.Bytes?.Length ?? 0))));

    private static class State
    {
        public const int Closed = 0;
        public const int Opening = 1;
        public const int Open = 2;
        public const int Disposed = 3;
    }
}
