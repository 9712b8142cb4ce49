using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables;
using OrleansGeo.Storage.AzureTables.Stores;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>What an operator meets when a store does not open, and what damage in it is told as: one line that says what, where, and what to do.</summary>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesOpeningTests(TestAzurite azurite)
{
    private readonly TestTable _table = new(azurite);

    [AzuriteFact]
    public async Task UseAzureTables_registers_a_store_that_the_container_closes()
    {
        var services = new ServiceCollection();
        new GeoBuilder(services).UseAzureTables(options => (options.ConnectionString, options.TableName) = (azurite.ConnectionString, _table.Name));
        await using (var provider = services.BuildServiceProvider())
        {
            var store = Assert.IsType<AzureTablesRegionStore>(Assert.Single(provider.GetServices<IRegionStore>()));
            await store.OpenAsync(ThisWorld);
            await store.FillAsync(Shard, epoch: 1, 1, 3);
            Assert.StartsWith($"Azure Tables store '{_table.Name}' of http://127.0.0.1:", store.Description, StringComparison.Ordinal);
        }

        await using var again = await _table.OpenAsync();
        Assert.Equal(At(3), (await again.ReadHeadAsync(Shard)).Last);
    }

    [Theory]
    [InlineData("a", "3 to 63")]
    [InlineData("orleans-geo", "letters and digits")]
    [InlineData("1table", "a letter first")]
    public void A_name_that_no_table_can_have_is_refused(string name, string words)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new AzureTablesRegionStore(new() { ConnectionString = "UseDevelopmentStorage=true", TableName = name }));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task A_wrong_account_key_is_told()
    {
        var wrong = azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        await using var store = new AzureTablesRegionStore(new() { ConnectionString = wrong, TableName = _table.Name });
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld));
        Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
        Assert.Contains("is not allowed", failure.Message, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task An_account_that_is_not_there_is_told_and_may_come_later()
    {
        await using var store = new AzureTablesRegionStore(new()
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;",
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld));
            Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
            Assert.Contains("Check that ServiceUri names an account that exists", failure.Message, StringComparison.Ordinal);
        }
    }

    [AzuriteFact]
    public async Task A_newer_format_is_refused()
    {
        await using (await _table.OpenAsync())
        {
        }

        await ChangeAsync("world", row => row["Format"] = "2");
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => _table.OpenAsync());
        Assert.Equal(RegionStoreFailure.WrongWorld, failure.Failure);
        Assert.Contains("format version '2'", failure.Message, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task A_table_that_was_deleted_is_a_failure_and_not_an_empty_store()
    {
        await using var store = await _table.OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 1);
        await _table.Client.DeleteAsync();
        foreach (var call in (Func<Task>[])[() => store.ReadHeadAsync(Shard), () => store.PromiseAsync(Shard, Epoch(2)), () => store.ReadLogAsync(Shard, At(1), 1)])
        {
            var failure = await Assert.ThrowsAsync<RegionStoreException>(call);
            Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
            Assert.Contains("the table does not exist", failure.Message, StringComparison.Ordinal);
        }
    }

    [AzuriteFact]
    public async Task Damage_is_told_and_never_an_answer()
    {
        await using var store = await _table.OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 5);
        await store.CheckpointAsync(Shard, Epoch(1), At(2), [Record("ada", State(1, 2, "x"))]);
        await store.CutAsync(Shard, Epoch(1), At(4), foreignEpoch: 1);
        await store.TakeAsync("topology", Accept(1, [7]));
        await store.MarkAsync(new(7, At(1), LostWriteState.Discarded));
        await store.DisposeAsync();
        await using var again = await _table.OpenAsync();

        await ExpectAsync($"l-{3:x16}", row => row["D00"] = new byte[] { 1 }, "position 3 of shard q-07", () => again.ReadLogAsync(Shard, At(1), int.MaxValue));
        await ExpectAsync($"l-{5:x16}", row => row["Epoch"] = 2L, "position 5 of shard q-07", () => again.ReadCutRowsAsync());
        await ExpectAsync("r-", row => row["Position"] = 1L, "of ada in shard q-07", () => again.ReadRecordAsync(Shard, "ada"));
        await ExpectAsync("m-", row => row["State"] = 1, "mark of position 1", () => again.ReadMarksAsync());
        await ExpectAsync("state", row => row["Promised"] = 1L, "the register topology", () => again.TakeAsync("topology", Prepare(9)));
        await ExpectAsync("head", row => row["Last"] = 9L, "the head of shard q-07", () => again.PromiseAsync(Shard, Epoch(2)));
    }

    [AzuriteFact]
    public async Task A_row_that_is_missing_is_told()
    {
        await using var store = await _table.OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 5);
        var row = Assert.Single(await _table.RowsAsync($"l-{3:x16}"));
        await _table.Client.DeleteEntityAsync(row.PartitionKey, row.RowKey);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.ReadLogAsync(Shard, At(1), int.MaxValue));
        Assert.Equal(RegionStoreFailure.Corrupt, failure.Failure);
        Assert.Contains("the log row at position 3 of shard q-07 is missing", failure.Message, StringComparison.Ordinal);
        await store.CheckpointAsync(Shard, Epoch(1), At(5), []);
        failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.TrimAsync(Shard, Epoch(1), At(3)));
        Assert.Equal(RegionStoreFailure.Corrupt, failure.Failure);
        await store.FillAsync(Shard, epoch: 1, 6, 6);
    }

    private async Task ExpectAsync(string rowKey, Action<TableEntity> damage, string words, Func<Task> call)
    {
        var original = await ChangeAsync(rowKey, damage);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(call);
        Assert.Equal(RegionStoreFailure.Corrupt, failure.Failure);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        await _table.Client.UpdateEntityAsync(original, ETag.All, TableUpdateMode.Replace);
        await call();
    }

    /// <returns>The row as it was.</returns>
    private async Task<TableEntity> ChangeAsync(string rowKey, Action<TableEntity> change)
    {
        var row = Assert.Single(await _table.RowsAsync(rowKey));
        var original = new TableEntity(row);
        change(row);
        await _table.Client.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        return original;
    }
}
