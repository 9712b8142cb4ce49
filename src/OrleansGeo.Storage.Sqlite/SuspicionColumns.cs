using System.Text;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A suspicion as columns of the table <c>suspicions</c>.</summary>
internal static class SuspicionColumns
{
    public const string Select = "SELECT shard, region, epoch, position, checksum FROM suspicions ORDER BY id";

    /// <summary>Noted once: a repetition changes nothing.</summary>
    public const string Insert =
        "INSERT INTO suspicions(shard, region, epoch, position, checksum) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

    public const string Delete = "DELETE FROM suspicions WHERE shard = ?1 AND region = ?2 AND epoch = ?3";

    public static void Bind(Statement insert, Suspicion suspicion) =>
        BindKey(insert, suspicion).Bind(4, suspicion.From.Value).Bind(5, ChecksumOf(suspicion));

    public static Statement BindKey(Statement statement, Suspicion suspicion) => statement
        .Bind(1, suspicion.Shard.Name).Bind(2, suspicion.Region.Name).Bind(3, suspicion.Epoch);

    public static Suspicion Read(Statement statement, StoreFile file)
    {
        var (shard, region) = (statement.Text(0), statement.Text(1));
        if (RegionId.IsValid(region))
        {
            var suspicion = new Suspicion(new(shard), new(region), statement.Int64(2), new(statement.Int64(3)));
            if (ChecksumOf(suspicion) == statement.Int64(4))
            {
                return suspicion;
            }
        }

        statement.Reset();
        throw file.Corrupt($"a suspicion of shard {shard} fails its checksum");
    }

    private static long ChecksumOf(Suspicion suspicion) => Checksum.Of(
        Encoding.UTF8.GetBytes(suspicion.Shard.Name),
        Checksum.Of(Encoding.ASCII.GetBytes(suspicion.Region.Name)), suspicion.Epoch, suspicion.From.Value);
}
