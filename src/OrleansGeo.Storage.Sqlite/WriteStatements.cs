using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The prepared statements of the write connection, which owns them.</summary>
internal sealed class WriteStatements(StoreConnection connection)
{
    private readonly Statement _findHead = connection.Prepare("read a head", HeadColumns.Select + " WHERE name = ?1");
    private readonly Statement _findRowFrom = connection.Prepare(
        "compare a row", $"SELECT {RowColumns.Columns} FROM log WHERE shard = ?1 AND first = ?2");

    private readonly Statement _findRow = connection.Prepare(
        "read the log", "SELECT first, last FROM log WHERE shard = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1");

    private readonly Statement _findRegister = connection.Prepare("read a register", RegisterColumns.SelectOne);

    public Statement Begin { get; } = connection.Prepare("begin a transaction", "BEGIN IMMEDIATE");

    public Statement Commit { get; } = connection.Prepare("commit", "COMMIT");

    public Statement CountCommit { get; } = connection.Prepare("count a commit", "INSERT OR REPLACE INTO meta(name, value) VALUES ('commits', ?1)");

    public Statement Rollback { get; } = connection.Prepare("roll back", "ROLLBACK");

    public Statement MergeLog { get; } = connection.Prepare("merge its write-ahead log", "PRAGMA wal_checkpoint(TRUNCATE)");

    public Statement InsertHead { get; } = connection.Prepare("write a head", HeadColumns.Insert);

    public Statement UpdateHead { get; } = connection.Prepare("write a head", HeadColumns.Update);

    public Statement InsertRow { get; } = connection.Prepare("append", RowColumns.Insert);

    public Statement KeepCutRows { get; } = connection.Prepare("keep cut rows", $"""
        INSERT INTO cuts(shard, {RowColumns.Columns}) SELECT shard, {RowColumns.Columns} FROM log WHERE shard = ?1 AND first > ?2 ORDER BY first
        """);

    public Statement DeleteRowsAfter { get; } = connection.Prepare("cut", "DELETE FROM log WHERE shard = ?1 AND first > ?2");

    public Statement DeleteRowsThrough { get; } = connection.Prepare("trim", "DELETE FROM log WHERE shard = ?1 AND first <= ?2");

    public Statement DeleteTombstones { get; } = connection.Prepare(
        "trim",
        """
        DELETE FROM records WHERE shard = ?1 AND position <= ?2 AND bytes IS NULL AND (
            EXISTS (
                SELECT 1 FROM records r
                WHERE r.shard = records.shard AND r.entity = records.entity AND (r.position, r.epoch) > (records.position, records.epoch))
            OR NOT EXISTS (
                SELECT 1 FROM records r
                WHERE r.shard = records.shard AND r.entity = records.entity AND (r.bytes IS NOT NULL OR r.position > ?2)))
        """);

    public Statement DeleteRows { get; } = connection.Prepare("begin a copy", "DELETE FROM log WHERE shard = ?1");

    public Statement DeleteRecords { get; } = connection.Prepare("begin a copy", "DELETE FROM records WHERE shard = ?1");

    public Statement UpsertRecord { get; } = connection.Prepare("write a record", RecordColumns.Upsert);

    public Statement WriteMark { get; } = connection.Prepare("mark a lost entry", MarkColumns.Upsert);

    public Statement InsertSuspicion { get; } = connection.Prepare("note a suspicion", SuspicionColumns.Insert);

    public Statement DeleteSuspicion { get; } = connection.Prepare("take a suspicion back", SuspicionColumns.Delete);

    public Statement WriteRegister { get; } = connection.Prepare("write a register", RegisterColumns.Upsert);

    public AcceptorState FindRegister(string register) => RegisterColumns.Find(_findRegister, connection.File, register);

    public (long Id, ShardHead Head)? FindHead(ShardId shard)
    {
        if (!_findHead.Bind(1, shard.Name).Step())
        {
            return null;
        }

        var found = (_findHead.Int64(0), HeadColumns.Read(_findHead, connection.File));
        _findHead.Reset();
        return found;
    }

    /// <summary>The stored row that begins at a position.</summary>
    /// <exception cref="RegionStoreException">It is damaged: comparing it would call the disk's fault another writer's.</exception>
    public LogRow? FindRowFrom(ShardId shard, long shardId, LogPosition first)
    {
        if (!_findRowFrom.Bind(1, shardId).Bind(2, first.Value).Step())
        {
            return null;
        }

        var found = RowColumns.Read(_findRowFrom, connection.File, shard, shardId);
        _findRowFrom.Reset();
        return found;
    }

    /// <summary>The last row that starts at or before a position.</summary>
    public (LogPosition First, LogPosition Last)? FindRow(long shardId, LogPosition position)
    {
        if (!_findRow.Bind(1, shardId).Bind(2, position.Value).Step())
        {
            return null;
        }

        var found = (new LogPosition(_findRow.Int64(0)), new LogPosition(_findRow.Int64(1)));
        _findRow.Reset();
        return found;
    }

    public long NextShardId()
    {
        var statement = connection.Prepare("list shards", "SELECT ifnull(max(id), 0) + 1 FROM shards");
        statement.Step();
        var next = statement.Int64(0);
        statement.Reset();
        return next;
    }
}
