using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A log row as columns of the tables <c>log</c> and <c>cuts</c>.</summary>
internal static class RowColumns
{
    public const string Insert = "INSERT INTO log(shard, first, last, epoch, bytes, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    /// <summary>In the order in which <see cref="Read"/> expects them, at the start of a result row.</summary>
    public const string Columns = "first, last, epoch, bytes, checksum";

    public static void Bind(Statement statement, long shardId, LogRow row) => statement
        .Bind(1, shardId).Bind(2, row.First.Value).Bind(3, row.Last.Value).Bind(4, row.Epoch)
        .Bind(5, row.Bytes.Span).Bind(6, Checksum.Of(row.Bytes.Span, shardId, row.First.Value, row.Last.Value, row.Epoch));

    public static LogRow Read(Statement statement, StoreFile file, ShardId shard, long shardId)
    {
        var first = statement.Int64(0);
        var last = statement.Int64(1);
        var epoch = statement.Int64(2);
        var bytes = statement.Bytes(3);
        if (Checksum.Of(bytes, shardId, first, last, epoch) != statement.Int64(4))
        {
            statement.Reset();
            throw file.Corrupt($"the log row at position {first} of shard {shard} fails its checksum");
        }

        return new(epoch, new(first), new(last), bytes.ToArray());
    }
}
