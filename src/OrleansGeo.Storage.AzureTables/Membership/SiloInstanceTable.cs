using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>The table itself: requests to it, and what their failures mean. It knows nothing of silos.</summary>
internal sealed class SiloInstanceTable
{
    /// <summary>The service's own limit.</summary>
    private const int ActionsPerTransaction = 100;

    private readonly TableClient _client;

    public SiloInstanceTable(AzureTablesMembershipOptions options)
    {
        // A silo asks again by itself, and what it asks about is news: long retries would only bring old answers.
        var clientOptions = new TableClientOptions();
        clientOptions.Retry.Mode = RetryMode.Exponential;
        clientOptions.Retry.MaxRetries = 3;
        clientOptions.Retry.Delay = TimeSpan.FromMilliseconds(200);
        clientOptions.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        clientOptions.Retry.NetworkTimeout = options.AttemptTimeout;
        if (options.Network is { } network)
        {
            clientOptions.Transport = new HttpClientTransport(network);
        }

        _client = TableAccount.CreateClient(options, clientOptions).GetTableClient(options.TableName);
        Name = _client.Uri.ToString();
    }

    /// <summary>The table's address, for messages.</summary>
    public string Name { get; }

    /// <summary>Creates the table if it is missing; true if so.</summary>
    /// <remarks>It is looked at first: an identity that has its role on this one table may not create tables, and need not.</remarks>
    public Task<bool> EnsureAsync(string partition, CancellationToken cancellationToken) => AskAsync("opening it", async () =>
    {
        try
        {
            await foreach (var _ in _client.QueryAsync<TableEntity>(InPartition(partition), maxPerPage: 1, cancellationToken: cancellationToken))
            {
                break;
            }

            return false;
        }
        catch (RequestFailedException exception) when (TableErrors.IsMissingTable(exception))
        {
            // null: somebody else created it meanwhile.
            return await _client.CreateIfNotExistsAsync(cancellationToken) is not null;
        }
    });

    public static string InPartition(string partition) => TableClient.CreateQueryFilter($"PartitionKey eq {partition}");

    public Task<List<TableEntity>> QueryAsync(string filter, CancellationToken cancellationToken) => AskAsync("reading it", async () =>
    {
        var rows = new List<TableEntity>();
        await foreach (var row in _client.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    });

    /// <summary>All of the actions, or none: false when somebody else was first.</summary>
    /// <remarks>Also false when an attempt was made whose answer got lost, and the next attempt met its own rows: whoever gets it reads again.</remarks>
    public Task<bool> TryTransactAsync(IReadOnlyCollection<TableTransactionAction> actions, CancellationToken cancellationToken) => AskAsync("writing to it", async () =>
    {
        try
        {
            await _client.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (TableErrors.IsContention(exception))
        {
            return false;
        }
    });

    /// <summary>Sets the properties that <paramref name="row"/> has, whatever the row's ETag is.</summary>
    /// <exception cref="MembershipTableException">There is no such row.</exception>
    public Task MergeAsync(TableEntity row, CancellationToken cancellationToken) =>
        AskAsync($"writing a sign of life to row '{row.RowKey}' of partition '{row.PartitionKey}' in it", () => _client.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken));

    /// <summary>Deletes rows, and answers how many: a row that was written since it was read, or that somebody else has deleted, is left to the next time.</summary>
    public async Task<int> DeleteUnchangedAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var some in rows.Chunk(ActionsPerTransaction))
        {
            if (await TryTransactAsync([.. some.Select(Delete)], cancellationToken))
            {
                deleted += some.Length;
                continue;
            }

            // One of them has changed: the others are not kept for it.
            foreach (var row in some)
            {
                deleted += await TryTransactAsync([Delete(row)], cancellationToken) ? 1 : 0;
            }
        }

        return deleted;

        static TableTransactionAction Delete(TableEntity row) => new(TableTransactionActionType.Delete, row, row.ETag);
    }

    private async Task<T> AskAsync<T>(string doing, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or AuthenticationFailedException)
        {
            throw MembershipTableException.Failed(Name, doing, exception);
        }
    }
}
