using System.Globalization;
using Microsoft.Data.Sqlite;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>Creates the tables of a new file, and checks that an old one is a store of this region and world.</summary>
internal static class StoreSchema
{
    private const string Format = "1";

    /// <summary>"OGeo": tells a store from another program's database.</summary>
    private const long ApplicationId = 0x4F47656F;

    private const string Tables =
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE shards(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            promised_region TEXT NOT NULL, promised_epoch INTEGER NOT NULL,
            last INTEGER NOT NULL, trimmed INTEGER NOT NULL, checkpoint INTEGER NOT NULL,
            copying BLOB NOT NULL, epochs BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
        CREATE TABLE log(
            shard INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, epoch INTEGER NOT NULL,
            bytes BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY(shard, first)) STRICT, WITHOUT ROWID;
        CREATE TABLE records(
            shard INTEGER NOT NULL, entity BLOB NOT NULL, state BLOB NOT NULL, epoch INTEGER NOT NULL, position INTEGER NOT NULL,
            bytes BLOB, checksum INTEGER NOT NULL, PRIMARY KEY(shard, entity, state)) STRICT, WITHOUT ROWID;
        CREATE INDEX tombstones ON records(shard, position) WHERE bytes IS NULL;
        CREATE TABLE cuts(
            id INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            epoch INTEGER NOT NULL, bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
        """;

    /// <summary>Leaves another program's database and another region's store as they are.</summary>
    public static void Ensure(SqliteConnection connection, StoreFile file, StoreWorld world)
    {
        var tables = Scalar(connection, "SELECT count(*) FROM sqlite_schema");
        if (tables == 0)
        {
            Create(connection, world);
            return;
        }

        if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw file.Failure(RegionStoreFailure.WrongWorld, "is another program's database", "Name another file");
        }

        Verify(connection, file, world);
    }

    private static IEnumerable<(string Name, string What, string Value)> Describe(StoreWorld world) =>
    [
        ("format", "format version", Format),
        ("service", "service id", world.ServiceId),
        ("region", "region", world.Region.Name),
        ("hash-shards", "number of hash shards", world.HashShards.ToString(CultureInfo.InvariantCulture)),
        ("affine-shards", "number of affine shards per region", world.AffineShardsPerRegion.ToString(CultureInfo.InvariantCulture)),
    ];

    private static void Create(SqliteConnection connection, StoreWorld world)
    {
        // The mode is part of the file; it cannot be changed inside a transaction.
        Execute(connection, "PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        Execute(connection, Tables + string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId};"));
        foreach (var (name, _, value) in Describe(world))
        {
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO meta(name, value) VALUES ($name, $value)";
            insert.Parameters.AddWithValue("$name", name);
            insert.Parameters.AddWithValue("$value", value);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static void Verify(SqliteConnection connection, StoreFile file, StoreWorld world)
    {
        foreach (var (name, what, value) in Describe(world))
        {
            using var select = connection.CreateCommand();
            select.CommandText = "SELECT value FROM meta WHERE name = $name";
            select.Parameters.AddWithValue("$name", name);
            var stored = select.ExecuteScalar() as string ?? throw file.Corrupt($"its {what} is missing");
            if (stored != value)
            {
                throw file.Failure(
                    RegionStoreFailure.WrongWorld,
                    $"was created for the {what} '{stored}', and this process has '{value}'",
                    "Name the file that belongs to this region and world, or correct the setting");
            }
        }
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
