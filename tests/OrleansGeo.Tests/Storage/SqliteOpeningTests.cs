using Microsoft.Data.Sqlite;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Sqlite;
using OrleansGeo.Tests.StoreCrash;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

/// <summary>What an operator meets when a store does not open: one line that says what, where, and what to do.</summary>
public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("westeurope.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_another_process_has_open_is_in_use_until_that_ends()
    {
        using (var process = new CrashProcess(Path, "hold"))
        {
            Assert.Equal("open", await process.ReadLineAsync());
            await ExpectAsync(Path, RegionStoreFailure.InUse, Path + ".lock", "Stop that process");
            process.Kill();
            await process.WaitForExitAsync();
        }

        await using var store = await OpenAsync(Path, CrashLoad.World);
        await store.PromiseAsync(Shard, Epoch(1));
    }

    [Fact]
    public async Task A_file_that_this_process_has_open_is_in_use_under_every_name()
    {
        await using var store = await OpenAsync(Path);
        await ExpectAsync(_folder.File("../" + System.IO.Path.GetFileName(_folder.Path) + "/westeurope.db"), RegionStoreFailure.InUse, Path);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_folder.File("link.db"), Path);
            await ExpectAsync(_folder.File("link.db"), RegionStoreFailure.InUse, Path);
        }
    }

    [Fact]
    public async Task A_clean_close_leaves_one_file_and_the_lock()
    {
        await using (var store = await OpenAsync(Path))
        {
            await store.FillAsync(Shard, epoch: 1, 1, 5);
        }

        Assert.Equal(
            ["westeurope.db", "westeurope.db.lock"], Directory.GetFiles(_folder.Path).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_was_made_before_the_close_is_written_by_the_close()
    {
        var store = await OpenAsync(Path);
        var appends = Enumerable.Range(1, 300)
            .Select(position => store.AppendAsync(Shard, After(position - 1, position == 1 ? 0 : 1, Epoch(1), Row(1, position))))
            .ToArray();
        await store.DisposeAsync();
        Assert.All(appends, append => Assert.True(append.IsCompletedSuccessfully || !append.IsFaulted));
        await Task.WhenAll(appends);
        await using var again = await OpenAsync(Path);
        Assert.Equal(At(300), (await again.ReadHeadAsync(Shard)).Last);
    }

    [Fact]
    public async Task The_folder_is_created()
    {
        await using var store = await OpenAsync(_folder.File("a/b/westeurope.db"));
        Assert.True(File.Exists(_folder.File("a/b/westeurope.db")));
        Assert.Equal($"SQLite store '{_folder.File("a/b/westeurope.db")}'", store.Description);
    }

    [Fact]
    public async Task A_path_below_a_file_and_a_folder_are_unavailable()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "x");
        await ExpectAsync(_folder.File("file/westeurope.db"), RegionStoreFailure.Unavailable, "may write to");
        Directory.CreateDirectory(Path);
        await ExpectAsync(Path, RegionStoreFailure.Unavailable, "it is a folder");
        Assert.Throws<ArgumentException>(() => new SqliteRegionStore(new()));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("This is a letter to my aunt. ", 500));
        await File.WriteAllTextAsync(Path, text);
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, "is not a database");
        Assert.Equal(text, await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task Another_programs_database_is_told_and_left_as_it_is()
    {
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE recipes(name TEXT)";
            command.ExecuteNonQuery();
        }

        var before = await File.ReadAllBytesAsync(Path);
        await ExpectAsync(Path, RegionStoreFailure.WrongWorld, "another program's database");
        Assert.Equal(before, await File.ReadAllBytesAsync(Path));
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await using (await OpenAsync(Path))
        {
        }

        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = '3' WHERE name = 'format'";
            command.ExecuteNonQuery();
        }

        await ExpectAsync(Path, RegionStoreFailure.WrongWorld, "format version '3'");
    }

    [Fact]
    public async Task A_store_that_failed_to_open_can_be_opened_later()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "x");
        await using var store = new SqliteRegionStore(new() { Path = _folder.File("file/westeurope.db") });
        await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld));
        File.Delete(_folder.File("file"));
        await store.OpenAsync(ThisWorld);
        await store.PromiseAsync(Shard, Epoch(1));
    }

    internal static async Task<SqliteRegionStore> OpenAsync(string path, StoreWorld? world = null)
    {
        var store = new SqliteRegionStore(new() { Path = path });
        await store.OpenAsync(world ?? ThisWorld);
        return store;
    }

    /// <summary>Opening fails so, says so in one line, and holds nothing: it can be tried again.</summary>
    internal static async Task ExpectAsync(string path, RegionStoreFailure failure, params string[] words)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var store = new SqliteRegionStore(new() { Path = path });
            var exception = await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld));
            Assert.Equal(failure, exception.Failure);
            Assert.DoesNotContain('\n', exception.Message);
            Assert.All(words, word => Assert.Contains(word, exception.Message, StringComparison.Ordinal));
        }
    }
}
