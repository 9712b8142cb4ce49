using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>One read connection. Every query is one statement, hence one snapshot of what was committed before it.</summary>
internal sealed class StoreReader : IDisposable
{
    /// <summary>What a state counts for in a page beside its bytes, so that a page of tombstones ends too.</summary>
    private const int StateOverheadBytes = 32;

    private readonly StoreConnection _connection;
    private readonly Statement _shards;
    private readonly Statement _head;
    private readonly Statement _log;
    private readonly Statement _record;
    private readonly Statement _records;
    private readonly Statement _cuts;
    private readonly Statement _marks;
    private readonly Statement _suspicions;
    private readonly Statement _register;

    public StoreReader(StoreFile file)
    {
        _connection = StoreConnection.OpenReader(file);
        try
        {
            _shards = _connection.Prepare("list shards", "SELECT id, name FROM shards");
            _head = _connection.Prepare("read a head", HeadColumns.Select + " WHERE id = ?1");
            _log = _connection.Prepare("read the log", $"""
                SELECT {RowColumns.Columns} FROM log WHERE shard = ?1
                AND first >= ifnull((SELECT first FROM log WHERE shard = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), 0) ORDER BY first
                """);
            _record = _connection.Prepare("read a record", $"SELECT {RecordColumns.Columns} FROM records WHERE shard = ?1 AND entity = ?2");
            _records = _connection.Prepare(
                "read records", $"SELECT {RecordColumns.Columns}, entity FROM records WHERE shard = ?1 AND entity > ?2 ORDER BY entity, state");
            _cuts = _connection.Prepare(
                "read the ledger",
                $"SELECT {RowColumns.Columns}, id, shard, (SELECT name FROM shards WHERE shards.id = cuts.shard) FROM cuts ORDER BY id");
            _marks = _connection.Prepare("read the ledger", MarkColumns.Select);
            _suspicions = _connection.Prepare("read the suspicions", SuspicionColumns.Select);
            _register = _connection.Prepare("read a register", RegisterColumns.SelectOne);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    private StoreFile File => _connection.File;

    public IEnumerable<KeyValuePair<ShardId, long>> ListShards()
    {
        var shards = new List<KeyValuePair<ShardId, long>>();
        while (_shards.Step())
        {
            shards.Add(new(new(_shards.Text(1)), _shards.Int64(0)));
        }

        return shards;
    }

    public ShardHead ReadHead(long shardId)
    {
        if (!_head.Bind(1, shardId).Step())
        {
            return ShardHead.Empty;
        }

        var head = HeadColumns.Read(_head, File);
        _head.Reset();
        return head;
    }

    public ImmutableArray<LogRow> ReadLog(ShardId shard, long shardId, LogPosition from, int maxBytes, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        _log.Bind(1, shardId).Bind(2, from.Value);
        for (var bytes = 0L; bytes <= maxBytes;)
        {
            StopIfCancelled(_log, cancellationToken);
            if (!_log.Step())
            {
                return rows.DrainToImmutable();
            }

            var row = RowColumns.Read(_log, File, shard, shardId);
            if (row.Last >= from)
            {
                rows.Add(row);
                bytes += row.Bytes.Length;
            }
        }

        _log.Reset();
        return rows.DrainToImmutable();
    }

    public EntityRecord ReadRecord(ShardId shard, long shardId, string entity)
    {
        var states = ImmutableArray.CreateBuilder<StateRecord>(1);
        _record.Bind(1, shardId).Bind(2, KeyCodec.Encode(entity));
        while (_record.Step())
        {
            states.Add(RecordColumns.Read(_record, File, shard, shardId, entity));
        }

        return states.Count == 0 ? EntityRecord.Empty : new(states.DrainToImmutable());
    }

    public ImmutableArray<StoredRecord> ReadRecords(
        ShardId shard, long shardId, string? afterEntity, int maxBytes, CancellationToken cancellationToken)
    {
        var records = ImmutableArray.CreateBuilder<StoredRecord>();
        var states = ImmutableArray.CreateBuilder<StateRecord>();
        byte[]? key = null;
        var entity = "";
        var bytes = 0L;

        // No key is less than the empty one, and NULL compares with nothing: a first page starts before every key by its type.
        _records.Bind(1, shardId);
        _ = afterEntity is null ? _records.Bind(2, "") : _records.Bind(2, KeyCodec.Encode(afterEntity));
        while (true)
        {
            StopIfCancelled(_records, cancellationToken);
            var any = _records.Step();
            if (states.Count > 0 && !(any && _records.Bytes(5).SequenceEqual(key)))
            {
                records.Add(new(entity, new(states.DrainToImmutable())));
                if (any && bytes > maxBytes)
                {
                    _records.Reset();
                    return records.DrainToImmutable();
                }
            }

            if (!any)
            {
                return records.DrainToImmutable();
            }

            if (states.Count == 0)
            {
                key = _records.Bytes(5).ToArray();
                entity = KeyCodec.Decode(key) ?? throw UnreadableKey(shard);
                bytes += key.Length;
            }

            var state = RecordColumns.Read(_records, File, shard, shardId, entity);
            bytes += StateOverheadBytes + (state.Bytes?.Length ?? 0);
            states.Add(state);
        }
    }

    public ImmutableArray<CutRow> ReadCuts(IReadOnlySet<long>? known, CancellationToken cancellationToken)
    {
        var cuts = ImmutableArray.CreateBuilder<CutRow>();
        while (_cuts.Step())
        {
            StopIfCancelled(_cuts, cancellationToken);
            var id = _cuts.Int64(5);
            if (known?.Contains(id) == true)
            {
                // Before its bytes are asked for, which lie on pages of their own.
                continue;
            }

            var shard = new ShardId(_cuts.Text(7));
            cuts.Add(new(id, shard, RowColumns.Read(_cuts, File, shard, _cuts.Int64(6))));
        }

        return cuts.DrainToImmutable();
    }

    public ImmutableArray<LedgerMark> ReadMarks(CancellationToken cancellationToken)
    {
        var marks = ImmutableArray.CreateBuilder<LedgerMark>();
        while (_marks.Step())
        {
            StopIfCancelled(_marks, cancellationToken);
            marks.Add(MarkColumns.Read(_marks, File));
        }

        return marks.DrainToImmutable();
    }

    public ImmutableArray<Suspicion> ReadSuspicions(CancellationToken cancellationToken)
    {
        var suspicions = ImmutableArray.CreateBuilder<Suspicion>();
        while (_suspicions.Step())
        {
            StopIfCancelled(_suspicions, cancellationToken);
            suspicions.Add(SuspicionColumns.Read(_suspicions, File));
        }

        return suspicions.DrainToImmutable();
    }

    public AcceptorState ReadRegister(string register) => RegisterColumns.Find(_register, File, register);

    public void Dispose() => _connection.Dispose();

    private RegionStoreException UnreadableKey(ShardId shard)
    {
        _records.Reset();
        return File.Corrupt($"a record of shard {shard} has an unreadable key");
    }

    private static void StopIfCancelled(Statement statement, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            statement.Reset();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
