using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>One state of an entity as columns of the table <c>records</c>.</summary>
internal static class RecordColumns
{
    /// <summary>A copy is a fuzzy snapshot, taken while the home goes on: what is newer stays.</summary>
    public const string Upsert =
        """
        INSERT INTO records(shard, entity, state, epoch, position, bytes, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO UPDATE SET epoch = excluded.epoch, position = excluded.position, bytes = excluded.bytes, checksum = excluded.checksum
        WHERE (excluded.position, excluded.epoch) >= (position, epoch)
        """;

    /// <summary>In the order in which <see cref="Read"/> expects them, at the start of a result row.</summary>
    public const string Columns = "state, epoch, position, bytes, checksum";

    private const int None = 0;
    private const int Some = 1;

    public static void Bind(Statement statement, long shardId, ReadOnlySpan<byte> entity, StateRecord state)
    {
        var version = state.Version;
        statement.Bind(1, shardId).Bind(2, entity).Bind(3, KeyCodec.Encode(state.Name)).Bind(4, version.Epoch).Bind(5, version.Position.Value);
        if (state.Bytes is { } bytes)
        {
            statement.Bind(6, bytes.Span).Bind(7, Checksum.Of(bytes.Span, shardId, version.Epoch, version.Position.Value, Some));
        }
        else
        {
            statement.BindNull(6).Bind(7, Checksum.Of([], shardId, version.Epoch, version.Position.Value, None));
        }
    }

    public static StateRecord Read(Statement statement, StoreFile file, ShardId shard, long shardId, string entity)
    {
        var version = new RecordVersion(statement.Int64(1), new(statement.Int64(2)));
        var cleared = statement.IsNull(3);
        var bytes = statement.Bytes(3);
        var expected = Checksum.Of(bytes, shardId, version.Epoch, version.Position.Value, cleared ? None : Some);
        if (expected != statement.Int64(4) || KeyCodec.Decode(statement.Bytes(0)) is not { } name)
        {
            statement.Reset();
            throw file.Corrupt($"the record of '{entity}' at position {version.Position} of shard {shard} fails its checksum");
        }

        // Not "cleared ? null : array": a null array converts to empty memory, and empty is not cleared.
        return new(name, version, cleared ? default(ReadOnlyMemory<byte>?) : bytes.ToArray());
    }
}
