using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Sqlite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

/// <summary>When a SQLite store is known to be as it was left.</summary>
public sealed class SqliteEvidenceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _evidence = new();

    private string File => _folder.File("region.db");

    public void Dispose()
    {
        _folder.Dispose();
        _evidence.Dispose();
    }

    [Fact]
    public async Task An_older_copy_is_not_even_in_the_same_file()
    {
        await using (var store = await OpenAsync())
        {
            await store.VouchAsync();
            await store.FillAsync(Shard, epoch: 4, 1, 3);
        }

        var copy = await System.IO.File.ReadAllBytesAsync(File);
        await using (var store = await OpenAsync())
        {
            Assert.True(store.IsContinued);
            await store.FillAsync(Shard, epoch: 4, 4, 4);
        }

        // Over the file, not in its place.
        await System.IO.File.WriteAllBytesAsync(File, copy);
        await using (var store = await OpenAsync())
        {
            Assert.False(store.IsContinued);
            for (var i = 4; i < 20; i++)
            {
                await store.FillAsync(Shard, epoch: 4, i, i);
            }
        }

        // It has more commits than the one that it took the place of ever had, and nobody has vouched for it.
        await using (var store = await OpenAsync())
        {
            Assert.False(store.IsContinued);
        }
    }

    [Fact]
    public async Task After_the_machine_restarted_nothing_is_known()
    {
        await using (var store = await OpenAsync())
        {
            await store.VouchAsync();
        }

        foreach (var file in Directory.GetFiles(_evidence.Path))
        {
            System.IO.File.Delete(file);
        }

        await using (var store = await OpenAsync())
        {
            Assert.False(store.IsContinued);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/no/such/folder")]
    public async Task Without_a_folder_nothing_is_ever_known(string? folder)
    {
        for (var i = 0; i < 2; i++)
        {
            await using var store = await OpenAsync(folder);
            Assert.False(store.IsContinued);
            await store.VouchAsync();
            Assert.True(store.IsContinued);
        }
    }

    [Fact]
    public async Task A_copy_of_the_store_beside_it_is_another_one()
    {
        await using (var store = await OpenAsync())
        {
            await store.VouchAsync();
        }

        var other = _folder.File("other.db");
        System.IO.File.Copy(File, other);
        await using var copy = await OpenAsync(_evidence.Path, other);
        Assert.False(copy.IsContinued);
    }

    private Task<SqliteRegionStore> OpenAsync() => OpenAsync(_evidence.Path);

    private async Task<SqliteRegionStore> OpenAsync(string? evidence, string? file = null)
    {
        var store = new SqliteRegionStore(new() { Path = file ?? File, EvidenceFolder = evidence });
        await store.OpenAsync(ThisWorld);
        return store;
    }
}
