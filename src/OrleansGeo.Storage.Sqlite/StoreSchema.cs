using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>Creates the tables of a new file, checks that an old one is a store of this region and world, and brings it to the present format.</summary>
internal static class StoreSchema
{
    private const string Format = "2";

    /// <summary>Before registers, marks, suspicions and lives.</summary>
    private const string FirstFormat = "1";

    /// <summary>"OGeo": tells a store from another program's database.</summary>
    private const long ApplicationId = 0x4F47656F;

    private const string FirstTables =
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

    private const string SecondTables =
        """
        CREATE TABLE registers(
            name BLOB PRIMARY KEY, promised INTEGER NOT NULL, promised_region TEXT NOT NULL, promised_boot INTEGER NOT NULL,
            accepted INTEGER NOT NULL, accepted_region TEXT NOT NULL, accepted_boot INTEGER NOT NULL,
            bytes BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE marks(
            cut INTEGER NOT NULL, position INTEGER NOT NULL, state INTEGER NOT NULL, checksum INTEGER NOT NULL,
            PRIMARY KEY(cut, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE suspicions(
            id INTEGER PRIMARY KEY, shard TEXT NOT NULL, region TEXT NOT NULL, epoch INTEGER NOT NULL, position INTEGER NOT NULL,
            checksum INTEGER NOT NULL, UNIQUE(shard, region, epoch)) STRICT;
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

        var isOfFirstFormat = Find(connection, "format") == FirstFormat;
        Verify(connection, file, world, isOfFirstFormat ? FirstFormat : Format);
        if (isOfFirstFormat)
        {
            Migrate(connection);
        }
    }

    /// <summary>Counts this opening: whoever remembers the count of an earlier one notices a file that was rolled back.</summary>
    public static StoreLife BeginLife(SqliteConnection connection, StoreFile file)
    {
        if (!Guid.TryParseExact(Find(connection, "store"), "D", out var store)
            || !long.TryParse(Find(connection, "opened"), NumberStyles.None, CultureInfo.InvariantCulture, out var opened))
        {
            throw file.Corrupt("its identity or the count of its openings is missing or unreadable");
        }

        Set(connection, "opened", (++opened).ToString(CultureInfo.InvariantCulture));
        return new(store, opened);
    }

    /// <summary>How many transactions the writer has committed.</summary>
    public static long Commits(SqliteConnection connection, StoreFile file) => Find(connection, "commits") is not { } value ? 0
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var commits) ? commits
        : throw file.Corrupt("the count of its commits is unreadable");

    private static IEnumerable<(string Name, string What, string Value)> Describe(StoreWorld world, string format) =>
    [
        ("format", "format version", format),
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
        Execute(connection, FirstTables + SecondTables + string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId};"));
        foreach (var (name, _, value) in Describe(world, Format))
        {
            Set(connection, name, value);
        }

        DrawIdentity(connection);
        transaction.Commit();
    }

    private static void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, SecondTables);
        Set(connection, "format", Format);
        DrawIdentity(connection);
        transaction.Commit();
    }

    private static void DrawIdentity(SqliteConnection connection)
    {
        Set(connection, "store", Guid.NewGuid().ToString("D"));
        Set(connection, "opened", "0");
    }

    private static void Verify(SqliteConnection connection, StoreFile file, StoreWorld world, string format)
    {
        foreach (var (name, what, value) in Describe(world, format))
        {
            var stored = Find(connection, name) ?? throw file.Corrupt($"its {what} is missing");
            if (stored != value)
            {
                throw file.Failure(
                    RegionStoreFailure.WrongWorld,
                    $"was created for the {what} '{stored}', and this process has '{value}'",
                    "Name the file that belongs to this region and world, or correct the setting");
            }
        }
    }

    private static string? Find(SqliteConnection connection, string name)
    {
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT value FROM meta WHERE name = $name";
        select.Parameters.AddWithValue("$name", name);
        return select.ExecuteScalar() as string;
    }

    private static void Set(SqliteConnection connection, string name, string value)
    {
        using var set = connection.CreateCommand();
        set.CommandText = "INSERT OR REPLACE INTO meta(name, value) VALUES ($name, $value)";
        set.Parameters.AddWithValue("$name", name);
        set.Parameters.AddWithValue("$value", value);
        set.ExecuteNonQuery();
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
