using System.Globalization;
using Azure.Core;
using Azure.Data.Tables;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables;
using OrleansGeo.Storage.AzureTables.Stores;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>A table of an emulator that no other test has, and stores on it.</summary>
internal sealed class TestTable(TestAzurite azurite)
{
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"T{Guid.NewGuid():N}");

    /// <summary>The table itself, behind the store's back.</summary>
    public TableClient Client => new(azurite.ConnectionString, Name);

    public AzureTablesRegionStore Create(AccountFaults? faults = null, int retries = 3) => new(new()
    {
        ConnectionString = azurite.ConnectionString,
        TableName = Name,
        Retries = retries,
        RetryDelay = TimeSpan.FromMilliseconds(2),
        MaxRetryDelay = TimeSpan.FromMilliseconds(10),
        ConfigureClient = options =>
        {
            if (faults is not null)
            {
                // Below the client's own repetitions, as the network is.
                options.AddPolicy(faults, HttpPipelinePosition.PerRetry);
            }
        },
    });

    public async Task<AzureTablesRegionStore> OpenAsync(AccountFaults? faults = null, int retries = 3, StoreWorld? world = null)
    {
        var store = Create(faults, retries);
        await store.OpenAsync(world ?? ThisWorld);
        return store;
    }

    /// <summary>Everything in the table whose row key begins so.</summary>
    public async Task<List<TableEntity>> RowsAsync(string prefix) => await Client.QueryAsync<TableEntity>()
        .Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal)).ToListAsync();
}
