using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The check of an old file when it is opened: every head, both ends of every log against its head, and every register. Some microseconds each, whatever the size of the store.</summary>
/// <remarks>What lies between is checked by its checksums when it is read.</remarks>
internal static class StoreProbe
{
    public static void Check(StoreConnection connection)
    {
        CheckHeads(connection);
        CheckRegisters(connection);
    }

    private static void CheckHeads(StoreConnection connection)
    {
        var heads = connection.Prepare("read the heads", HeadColumns.Select);
        var firstRow = connection.Prepare(
            "read the log", $"SELECT {RowColumns.Columns} FROM log WHERE shard = ?1 ORDER BY first LIMIT 1");
        var lastRow = connection.Prepare(
            "read the log", $"SELECT {RowColumns.Columns} FROM log WHERE shard = ?1 ORDER BY first DESC LIMIT 1");
        while (heads.Step())
        {
            var head = HeadColumns.Read(heads, connection.File);
            var shardId = heads.Int64(0);
            var shard = new ShardId(heads.Text(9));
            var first = Row(firstRow, connection.File, shard, shardId);
            var last = Row(lastRow, connection.File, shard, shardId);
            if (!Agree(head, first, last))
            {
                throw connection.File.Corrupt(
                    $"the log of shard {shard} has the positions {Range(first, last)}, and its head says {head.Trimmed.Next}-{head.Last} of epoch {head.LastEpoch}");
            }
        }
    }

    /// <summary>A register whose name is damaged would not be found, and pass for a new one.</summary>
    private static void CheckRegisters(StoreConnection connection)
    {
        var registers = connection.Prepare("read the registers", RegisterColumns.Select);
        while (registers.Step())
        {
            RegisterColumns.Read(registers, connection.File);
        }
    }

    private static bool Agree(ShardHead head, LogRow? first, LogRow? last) =>
        head.Copying || head.Last == head.Trimmed
            ? first is null
            : first?.First == head.Trimmed.Next && last?.Last == head.Last && last.Epoch == head.LastEpoch;

    private static string Range(LogRow? first, LogRow? last) =>
        first is null || last is null ? "none" : $"{first.First}-{last.Last} of epoch {last.Epoch}";

    private static LogRow? Row(Statement statement, StoreFile file, ShardId shard, long shardId)
    {
        if (!statement.Bind(1, shardId).Step())
        {
            return null;
        }

        var row = RowColumns.Read(statement, file, shard, shardId);
        statement.Reset();
        return row;
    }
}
