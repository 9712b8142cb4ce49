using System.Globalization;
using Microsoft.Data.Sqlite;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using static OrleansGeo.Storage.Conformance.StoreSamples;
using static OrleansGeo.Tests.Storage.SqliteOpeningTests;

namespace OrleansGeo.Tests.Storage;

/// <summary>A file of format 1, which knew shards and nothing else, opens with all that it holds.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    /// <summary>As the first format had it. It never changes again, and so neither does this.</summary>
    private const string FirstFormat =
        """
        PRAGMA journal_mode = WAL;
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
        PRAGMA application_id = 1330079087;
        INSERT INTO meta(name, value) VALUES
            ('format', '1'), ('service', 'shop'), ('region', 'westeurope'), ('hash-shards', '64'), ('affine-shards', '8');
        """;

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("westeurope.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_the_first_format_keeps_what_it_has_and_begins_a_life()
    {
        var before = await CreateAsync();
        StoreLife life;
        await using (var store = await OpenAsync(Path))
        {
            life = store.Life;
            Assert.Equal(before, await store.ShowAsync(Shard));
            Assert.NotEqual(Guid.Empty, life.Store);
            Assert.Equal(1, life.Opened);
            Assert.True((await store.TakeAsync("topology", Accept(1, [5]))).Granted);
            await store.MarkAsync(new(1, At(4), LostWriteState.Discarded));
            await store.SuspectAsync(new(Shard, East, Epoch: 2, At(4)));
        }

        Assert.Equal("2", Scalar("SELECT value FROM meta WHERE name = 'format'"));
        await using var again = await OpenAsync(Path);
        Assert.Equal(life with { Opened = 2 }, again.Life);
        Assert.Equal(before, await again.ShowAsync(Shard));
        Assert.Equal([5], (await again.TakeAsync("topology", new RegisterMessage.Read())).State.Value.ToArray());
        Assert.Single(await again.ReadMarksAsync());
        Assert.Single(await again.ReadSuspicionsAsync());
    }

    [Fact]
    public async Task Another_regions_file_of_the_first_format_is_left_as_it_is()
    {
        await CreateAsync();
        var before = await File.ReadAllBytesAsync(Path);
        await using (var store = new OrleansGeo.Storage.Sqlite.SqliteRegionStore(new() { Path = Path }))
        {
            var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld with { Region = East }));
            Assert.Equal(RegionStoreFailure.WrongWorld, failure.Failure);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(Path));
    }

    [Fact]
    public async Task The_tables_of_a_migrated_file_are_those_of_a_new_one()
    {
        const string Schema = "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
        await CreateAsync();
        await using (await OpenAsync(Path))
        {
        }

        var migrated = Scalar(Schema);
        File.Delete(Path);
        await using (await OpenAsync(Path))
        {
        }

        Assert.Equal(Scalar(Schema), migrated);
    }

    /// <returns>What can be read of the shard.</returns>
    private async Task<string> CreateAsync()
    {
        // The rows are as they are today: their checksums come from a store that writes them.
        var source = _folder.File("source.db");
        string shown;
        await using (var store = await OpenAsync(source))
        {
            await store.FillAsync(Shard, epoch: 1, 1, 5);
            await store.CheckpointAsync(Shard, Epoch(1), At(3), [Record("ada", State(1, 2, "one"), State(1, 3, null, "other"))]);
            await store.CutAsync(Shard, Epoch(2), At(3), foreignEpoch: 1);
            shown = await store.ShowAsync(Shard);
        }

        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = FirstFormat + $"ATTACH '{source}' AS source;"
            + string.Concat(new[] { "shards", "log", "records", "cuts" }.Select(table => $"INSERT INTO {table} SELECT * FROM source.{table};"));
        command.ExecuteNonQuery();
        return shown;
    }

    private string Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
