using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static SQLitePCL.raw;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The write connection: mutations run one after the other in a transaction that begins with the first that writes. Used by the writer's thread only.</summary>
/// <remarks>
/// Each mutation decides by <see cref="ShardHeadRules"/> on the head in memory before it writes anything, so a refusal leaves no trace.
/// Heads are written once a transaction. After a failure <see cref="Rollback"/> forgets them, for the file is the truth.
/// </remarks>
internal sealed class WriteSession : IDisposable
{
    private readonly StoreConnection _connection;
    private readonly WriteStatements _statements;
    private readonly StoreEvidence _evidence;
    private readonly Dictionary<ShardId, ShardSlot> _slots = [];
    private readonly List<ShardSlot> _changed = [];
    private long _nextShardId;
    private long _commits;
    private bool _inTransaction;

    public WriteSession(StoreConnection connection, StoreEvidence evidence, long commits)
    {
        (_connection, _evidence, _commits) = (connection, evidence, commits);
        _statements = new(connection);
        _nextShardId = _statements.NextShardId();
    }

    /// <summary>From here on it is noted, outside of the file, how many commits that has.</summary>
    public bool Vouch()
    {
        _evidence.Begin(_commits);
        return true;
    }

    /// <summary>Rises with every statement that may have written.</summary>
    public long Writes { get; private set; }

    public AppendResult Append(ShardId shard, AppendCommand command)
    {
        var slot = Load(shard);
        var result = ShardHeadRules.Append(slot.Head, command, first => _statements.FindRowFrom(shard, slot.Id, first), out var firstMissing);
        for (var i = firstMissing; i < command.Rows.Length; i++)
        {
            var insert = Write(_statements.InsertRow);
            RowColumns.Bind(insert, slot.Id, command.Rows[i]);
            insert.Run();
        }

        Change(slot, result.Head);
        return result;
    }

    public ShardHead Promise(ShardId shard, FencingToken token)
    {
        var slot = Load(shard);
        return ShardHeadRules.Promise(slot.Head, token, out var next) ? Change(slot, next) : slot.Head;
    }

    public ShardHead Cut(ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch)
    {
        var slot = Load(shard);
        if (!ShardHeadRules.Cut(slot.Head, token, keepThrough, foreignEpoch, out var next))
        {
            return slot.Head;
        }

        if (_statements.FindRow(slot.Id, keepThrough) is var (first, last) && last > keepThrough)
        {
            throw ShardHeadRules.MiddleOfRow(keepThrough, first, last);
        }

        Write(_statements.KeepCutRows).Bind(1, slot.Id).Bind(2, keepThrough.Value).Run();
        Write(_statements.DeleteRowsAfter).Bind(1, slot.Id).Bind(2, keepThrough.Value).Run();
        return Change(slot, next);
    }

    public ShardHead Checkpoint(ShardId shard, FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes)
    {
        var slot = Load(shard);
        if (!ShardHeadRules.Checkpoint(slot.Head, token, through, out var next))
        {
            return slot.Head;
        }

        WriteRecords(slot.Id, changes);
        return Change(slot, next);
    }

    public ShardHead Trim(ShardId shard, FencingToken token, LogPosition through)
    {
        var slot = Load(shard);
        if (!ShardHeadRules.Trim(slot.Head, token, through, out var next))
        {
            return slot.Head;
        }

        // A row that holds entries after the position stays, and with it everything from its start.
        if (_statements.FindRow(slot.Id, through) is var (first, last))
        {
            next = next with { Trimmed = last <= through ? last : first.Previous };
        }

        Write(_statements.DeleteRowsThrough).Bind(1, slot.Id).Bind(2, next.Trimmed.Value).Run();
        Write(_statements.DeleteTombstones).Bind(1, slot.Id).Bind(2, next.Trimmed.Value).Run();
        return Change(slot, next);
    }

    public ShardHead Copy(ShardId shard, FencingToken token, CopyCommand command)
    {
        var slot = Load(shard);
        if (!ShardHeadRules.Copy(slot.Head, token, command, out var next, out var foreignAfter))
        {
            return slot.Head;
        }

        if (command is CopyCommand.Begin)
        {
            Write(_statements.KeepCutRows).Bind(1, slot.Id).Bind(2, foreignAfter.Value).Run();
            Write(_statements.DeleteRows).Bind(1, slot.Id).Run();
            Write(_statements.DeleteRecords).Bind(1, slot.Id).Run();
        }
        else if (command is CopyCommand.Add add)
        {
            WriteRecords(slot.Id, add.Records);
        }

        return Change(slot, next);
    }

    public bool Mark(LedgerMark mark)
    {
        var write = Write(_statements.WriteMark);
        MarkColumns.Bind(write, mark);
        write.Run();
        return true;
    }

    public bool Suspect(Suspicion suspicion)
    {
        var insert = Write(_statements.InsertSuspicion);
        SuspicionColumns.Bind(insert, suspicion);
        insert.Run();
        return true;
    }

    public bool ClearSuspicion(Suspicion suspicion)
    {
        SuspicionColumns.BindKey(Write(_statements.DeleteSuspicion), suspicion).Run();
        return true;
    }

    /// <remarks>A register is read from the file each time, where the transaction sees what it wrote itself.</remarks>
    public RegisterTaken Take(string register, RegisterMessage message)
    {
        var state = _statements.FindRegister(register);
        var granted = AcceptorRules.Take(state, message, out var next);
        if (!ReferenceEquals(next, state))
        {
            var write = Write(_statements.WriteRegister);
            RegisterColumns.Bind(write, register, next);
            write.Run();
        }

        return new(granted, next);
    }

    /// <summary>Makes everything since the last commit durable and names the shards that are new.</summary>
    public void Commit(Action<ShardId, long> onNewShard)
    {
        foreach (var slot in _changed)
        {
            var statement = Write(slot.Exists ? _statements.UpdateHead : _statements.InsertHead);
            HeadColumns.Bind(statement, slot.Id, slot.Head);
            if (!slot.Exists)
            {
                statement.Bind(10, slot.Shard.Name);
            }

            statement.Run();
        }

        if (_inTransaction)
        {
            _statements.CountCommit.Bind(1, _commits + 1);
            _statements.CountCommit.Run();
            _statements.Commit.Run();
            _inTransaction = false;
            _evidence.Note(++_commits);
        }

        foreach (var slot in _changed)
        {
            slot.Changed = false;
            if (!slot.Exists)
            {
                slot.Exists = true;
                onNewShard(slot.Shard, slot.Id);
            }
        }

        _changed.Clear();
    }

    /// <summary>Undoes everything since the last commit. SQLite may have done so already.</summary>
    public void Rollback()
    {
        _slots.Clear();
        _changed.Clear();
        _inTransaction = false;
        if (sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            _statements.Rollback.Run();
        }
    }

    /// <summary>Merges the write-ahead log into the database file.</summary>
    public void MergeLog() => _statements.MergeLog.Run();

    public void Dispose()
    {
        _evidence.Dispose();
        _connection.Dispose();
    }

    private ShardSlot Load(ShardId shard)
    {
        if (!_slots.TryGetValue(shard, out var slot))
        {
            slot = _statements.FindHead(shard) is var (id, head)
                ? new(shard, id, exists: true, head)
                : new(shard, _nextShardId++, exists: false, ShardHead.Empty);
            _slots.Add(shard, slot);
        }

        return slot;
    }

    private ShardHead Change(ShardSlot slot, ShardHead head)
    {
        if (head != slot.Head)
        {
            slot.Head = head;
            if (!slot.Changed)
            {
                slot.Changed = true;
                _changed.Add(slot);
            }
        }

        return slot.Head;
    }

    private void WriteRecords(long shardId, ImmutableArray<StoredRecord> records)
    {
        foreach (var (entity, record) in records)
        {
            var key = KeyCodec.Encode(entity);
            foreach (var state in record.States)
            {
                var upsert = Write(_statements.UpsertRecord);
                RecordColumns.Bind(upsert, shardId, key, state);
                upsert.Run();
            }
        }
    }

    private Statement Write(Statement statement)
    {
        Writes++;
        if (!_inTransaction)
        {
            _statements.Begin.Run();
            _inTransaction = true;
        }

        return statement;
    }
}
