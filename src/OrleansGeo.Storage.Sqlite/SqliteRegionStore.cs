using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A region's store in one SQLite file: write-ahead log, <c>synchronous=FULL</c>, one group-committing writer, several readers.</summary>
/// <remarks>
/// A mutation is complete once it is on the disk. Mutations of one shard, and of all shards, take effect in the order in which they were
/// made. A read sees every mutation that was complete when the read was made. A cancelled mutation may still take effect.
/// Disposing writes what is queued, merges the write-ahead log and releases the file.
/// </remarks>
public sealed class SqliteRegionStore : IRegionStore
{
    private const int MutationOverheadBytes = 256;

    private readonly SqliteStoreOptions _options;
    private readonly ILogger _logger;
    private readonly StoreFile _file;
    private readonly ConcurrentDictionary<ShardId, long> _shardIds = new();
    private StoreLock? _lock;
    private StoreWriter? _writer;
    private ReaderPool? _readers;
    private int _state;

    /// <exception cref="ArgumentException">The options name no file.</exception>
    public SqliteRegionStore(SqliteStoreOptions options, ILogger<SqliteRegionStore>? logger = null)
    {
        _options = options;
        _logger = logger ?? NullLogger<SqliteRegionStore>.Instance;
        _file = new(options.Path);
    }

    /// <inheritdoc/>
    public string Description => _file.Description;

    /// <inheritdoc/>
    public StoreLife Life { get; private set; }

    /// <summary>The file is locked.</summary>
    public bool IsShared => false;

    /// <inheritdoc/>
    public bool IsContinued { get; private set; }

    /// <inheritdoc/>
    public Task<bool> FindEvidenceAsync(CancellationToken cancellationToken = default) => Task.FromResult(IsContinued);

    /// <inheritdoc/>
    public async Task VouchAsync(CancellationToken cancellationToken = default) =>
        IsContinued = await Write(0, static session => session.Vouch(), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, State.Opening, State.Closed) != State.Closed)
        {
            throw new InvalidOperationException($"{Description} is opened once, and not after it was disposed.");
        }

        try
        {
            await Task.Run(() => Open(world), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Interlocked.CompareExchange(ref _state, State.Closed, State.Opening);
            throw;
        }

        if (Interlocked.CompareExchange(ref _state, State.Open, State.Opening) != State.Opening)
        {
            await CloseAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(Description);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(reader => reader.ListShards().Select(shard => shard.Key).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default) =>
        Readers.ReadAsync(reader => Find(shard) is { } id ? reader.ReadHead(id) : ShardHead.Empty, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default) =>
        Write(command.Rows.Sum(row => (long)row.Bytes.Length), session => session.Append(shard, command), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default) =>
        Write(0, session => session.Promise(shard, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CutAsync(
        ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch, CancellationToken cancellationToken = default) =>
        Write(0, session => session.Cut(shard, token, keepThrough, foreignEpoch), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LogRow>> ReadLogAsync(
        ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(
            reader => Find(shard) is { } id ? reader.ReadLog(shard, id, from, maxBytes, cancellationToken) : [], cancellationToken);

    /// <inheritdoc/>
    public Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default) =>
        Readers.ReadAsync(reader => Find(shard) is { } id ? reader.ReadRecord(shard, id, entity) : EntityRecord.Empty, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(
        ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(
            reader => Find(shard) is { } id ? reader.ReadRecords(shard, id, afterEntity, maxBytes, cancellationToken) : [],
            cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CheckpointAsync(
        ShardId shard,
        FencingToken token,
        LogPosition through,
        ImmutableArray<StoredRecord> changes,
        CancellationToken cancellationToken = default) =>
        Write(BytesOf(changes), session => session.Checkpoint(shard, token, through, changes), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> TrimAsync(
        ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default) =>
        Write(0, session => session.Trim(shard, token, through), cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHead> CopyAsync(
        ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default) =>
        Write(
            command is CopyCommand.Add add ? BytesOf(add.Records) : 0, session => session.Copy(shard, token, command), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<CutRow>> ReadCutRowsAsync(IReadOnlySet<long>? known = null, CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(reader => reader.ReadCuts(known, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task MarkAsync(LedgerMark mark, CancellationToken cancellationToken = default) =>
        Write(0, session => session.Mark(mark), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(reader => reader.ReadMarks(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task SuspectAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Write(0, session => session.Suspect(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task ClearSuspicionAsync(Suspicion suspicion, CancellationToken cancellationToken = default) =>
        Write(0, session => session.ClearSuspicion(suspicion), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken = default) =>
        Readers.ScanAsync(reader => reader.ReadSuspicions(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<RegisterTaken> TakeAsync(string register, RegisterMessage message, CancellationToken cancellationToken = default) => message switch
    {
        // What a reader sees is durable, so that an observer waits for no commit.
        RegisterMessage.Read => Readers.ReadAsync(
            reader => new RegisterTaken(Granted: true, reader.ReadRegister(register)), cancellationToken),
        _ => Write(
            message is RegisterMessage.Accept accept ? accept.Value.Length : 0, session => session.Take(register, message), cancellationToken),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _state, State.Disposed) == State.Open)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private ReaderPool Readers
    {
        get
        {
            RequireOpen();
            return _readers!;
        }
    }

    private Task<T> Write<T>(long bytes, Func<WriteSession, T> run, CancellationToken cancellationToken)
    {
        RequireOpen();
        return _writer!.Enqueue(bytes + MutationOverheadBytes, run, cancellationToken);
    }

    private void RequireOpen()
    {
        var state = Volatile.Read(ref _state);
        ObjectDisposedException.ThrowIf(state == State.Disposed, this);
        if (state != State.Open)
        {
            throw new InvalidOperationException($"{Description} is not open. Call OpenAsync first.");
        }
    }

    private long? Find(ShardId shard) => _shardIds.TryGetValue(shard, out var id) ? id : null;

    private void Open(StoreWorld world)
    {
        var held = StoreLock.Acquire(_file);
        StoreConnection? connection = null;
        StoreEvidence? evidence = null;
        try
        {
            held.RequireContent();
            connection = StoreConnection.OpenWriter(_file, world, _options);
            held.RecordCreated();
            StoreProbe.Check(connection);
            using (var reader = new StoreReader(_file))
            {
                foreach (var (shard, id) in reader.ListShards())
                {
                    _shardIds[shard] = id;
                }
            }

            // Last: a file that does not open has not lived.
            (Life, var commits) = connection.BeginLife();
            evidence = new StoreEvidence(_options.EvidenceFolder, Life, _file.Path);
            IsContinued = evidence.Confirms(commits);
            if (IsContinued)
            {
                evidence.Begin(commits);
            }

            _readers = new(_file, Math.Max(1, _options.Readers));
            _writer = new(
                new WriteSession(connection, evidence, commits),
                _file,
                _options,
                (shard, id) => _shardIds[shard] = id,
                exception => StoreEvents.WriteFailed(_logger, exception, Description));
            _lock = held;
        }
        catch
        {
            evidence?.Dispose();
            connection?.Dispose();
            held.Dispose();
            throw;
        }

        StoreEvents.Opened(_logger, Description, _shardIds.Count);
    }

    private async Task CloseAsync()
    {
        // The writer last: the last connection to close removes the merged write-ahead log.
        await _readers!.DisposeAsync().ConfigureAwait(false);
        await _writer!.DisposeAsync().ConfigureAwait(false);
        _lock!.Dispose();
        StoreEvents.Closed(_logger, Description);
    }

    private static long BytesOf(ImmutableArray<StoredRecord> records)
    {
        var bytes = 0L;
        foreach (var (entity, record) in records)
        {
            bytes += MutationOverheadBytes + entity.Length;
            foreach (var state in record.States)
            {
                bytes += state.Bytes?.Length ?? 0;
            }
        }

        return bytes;
    }

    private static class State
    {
        public const int Closed = 0;
        public const int Opening = 1;
        public const int Open = 2;
        public const int Disposed = 3;
    }
}
