using System.Text;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A shard's head as columns of the table <c>shards</c>.</summary>
internal static class HeadColumns
{
    public const string Select =
        "SELECT id, promised_region, promised_epoch, last, trimmed, checkpoint, copying, epochs, checksum, name FROM shards";

    public const string Insert =
        """
        INSERT INTO shards(id, promised_region, promised_epoch, last, trimmed, checkpoint, copying, epochs, checksum, name)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    public const string Update =
        """
        UPDATE shards SET promised_region = ?2, promised_epoch = ?3, last = ?4, trimmed = ?5, checkpoint = ?6, copying = ?7,
            epochs = ?8, checksum = ?9 WHERE id = ?1
        """;

    private const int CopyBytes = 16;

    public static void Bind(Statement statement, long id, ShardHead head)
    {
        var epochs = EpochTableCodec.Encode(head.Epochs);
        statement
            .Bind(1, id).Bind(2, head.Promised.Region.Name).Bind(3, head.Promised.Epoch).Bind(4, head.Last.Value)
            .Bind(5, head.Trimmed.Value).Bind(6, head.Checkpoint.Value).Bind(7, CopyOf(head))
            .Bind(8, epochs).Bind(9, ChecksumOf(id, head, epochs));
    }

    /// <summary>Reads the row that <paramref name="statement"/> stands on.</summary>
    public static ShardHead Read(Statement statement, StoreFile file)
    {
        var region = statement.Text(1);
        var copy = statement.Bytes(6);
        var epochs = statement.Bytes(7);
        if ((region.Length > 0 && !RegionId.IsValid(region)) || EpochTableCodec.Decode(epochs) is not { } table)
        {
            throw Damaged(statement, file);
        }

        var head = new ShardHead
        {
            Promised = new(region.Length > 0 ? new RegionId(region) : default, statement.Int64(2)),
            Last = new(statement.Int64(3)),
            Trimmed = new(statement.Int64(4)),
            Checkpoint = new(statement.Int64(5)),
            Copying = !copy.IsEmpty,
            Copy = copy.Length == CopyBytes ? new Guid(copy) : default,
            Epochs = table,
        };
        return ChecksumOf(statement.Int64(0), head, epochs) == statement.Int64(8) ? head : throw Damaged(statement, file);
    }

    private static RegionStoreException Damaged(Statement statement, StoreFile file)
    {
        var name = statement.Text(9);
        statement.Reset();
        return file.Corrupt($"the head of shard {name} fails its checksum");
    }

    private static long ChecksumOf(long id, ShardHead head, ReadOnlySpan<byte> epochs)
    {
        Span<byte> region = stackalloc byte[RegionId.MaxLength];
        var length = Encoding.ASCII.GetBytes(head.Promised.Region.Name, region);
        return Checksum.Of(
            epochs,
            id, Checksum.Of(region[..length]), head.Promised.Epoch, head.Last.Value, head.Trimmed.Value, head.Checkpoint.Value, Checksum.Of(CopyOf(head)));
    }

    /// <summary>The name of the copy that is under way; empty when none is.</summary>
    private static byte[] CopyOf(ShardHead head) => head.Copying ? head.Copy.ToByteArray() : [];
}
