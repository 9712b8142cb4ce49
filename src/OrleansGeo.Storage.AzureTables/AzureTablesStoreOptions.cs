using Azure.Data.Tables;
using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Storage.AzureTables;

/// <summary>Where a region's store in Azure Tables is, and how long it tries. One table of one account holds one region.</summary>
public sealed class AzureTablesStoreOptions : TableAccountOptions
{
    /// <summary>The table: 3 to 63 letters and digits, a letter first. It is created if the identity may do so. Default <c>OrleansGeo</c>.</summary>
    public string TableName { get; set; } = "OrleansGeo";

    /// <summary>How often a request that was throttled, or that got no answer, is sent again. Default 3.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>Wait before the first repetition, doubled by each further one; a <c>Retry-After</c> of the service is kept. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two repetitions. Default 1 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request may take. Default 5 s.</summary>
    public TimeSpan NetworkTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take with all its repetitions; then the store is unavailable to that call. Default 10 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of mutations that wait for one shard. Past it a mutation fails as unavailable. Default 64 MiB.</summary>
    public long QueuedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// Requests of shards that are under way at once; further ones wait here, not at the account, where the lease's would wait behind them: those always go at once.
    /// Default 64.
    /// </summary>
    public int RequestsAtOnce { get; set; } = 64;

    /// <summary>Faults on the way to the account, in tests.</summary>
    internal Action<TableClientOptions>? ConfigureClient { get; set; }
}
