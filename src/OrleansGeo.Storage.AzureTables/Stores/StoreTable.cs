using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The table of a store: the only place that talks to the account. Everything that it throws for the account is a <see cref="RegionStoreException"/>.</summary>
/// <remarks>
/// <para>A write is a transaction whose first row, the <em>anchor</em>, is written under a condition (its ETag, or that it does not exist) and carries a
/// <see cref="Write"/> of its own. So an unknown outcome is never guessed: the anchor is read back. It has this write: the transaction took effect, whatever a
/// repetition was told (a client that repeats a transaction meets its own success as a conflict). It still has the ETag of the condition: it did not take effect yet,
/// and is sent again under the same write, so that it takes effect once. It has another: the condition can never hold again.</para>
/// <para>Only a transaction that was overwritten by a later one before it was read back is not recognized. Its caller then decides anew on the row as it
/// is; every mutation of a store can be repeated.</para>
/// </remarks>
internal sealed class StoreTable
{
    /// <summary>The property of an anchor that names the transaction which wrote it.</summary>
    public const string Write = "Write";

    /// <summary>Transactions of unknown outcome are sent so often, each with the repetitions of the client below it.</summary>
    private const int Sends = 2;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly TableClient _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly SemaphoreSlim? _places;

    /// <param name="options">Which table.</param>
    /// <param name="time">Bounds each call.</param>
    /// <param name="isUrgent">Its requests do not wait for others that are under way, and have connections of their own.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public StoreTable(AzureTablesStoreOptions options, TimeProvider time, bool isUrgent = false)
    {
        _places = isUrgent ? null : new(Math.Max(1, options.RequestsAtOnce));
        if (options.TableName.Length is < 3 or > 63 || !options.TableName.All(char.IsAsciiLetterOrDigit) || !char.IsAsciiLetter(options.TableName[0]))
        {
            throw new ArgumentException($"TableName '{options.TableName}' must have 3 to 63 letters and digits, a letter first.", nameof(options));
        }

        _time = time;
        _timeout = options.CallTimeout;
        var service = TableAccount.CreateClient(options, ClientOptions(options, isUrgent));
        _client = service.GetTableClient(options.TableName);
        Failures = new(options.TableName, service.Uri);
    }

    public StoreFailures Failures { get; }

    public Task CreateAsync(CancellationToken cancellationToken) =>
        CallAsync("create the table", token => _client.CreateIfNotExistsAsync(token), cancellationToken);

    /// <summary>The row; null when there is none. A table that does not exist is a failure, not a missing row.</summary>
    public Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken) => CallAsync(
        $"read {partition}/{row}",
        async token =>
        {
            try
            {
                return (await _client.GetEntityAsync<TableEntity>(partition, row, null, token).ConfigureAwait(false)).Value;
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && !StoreFailures.IsMissingTable(exception))
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>Whether the table exists; asked before it is created, for an identity may use a table without the right to create one.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FindAsync(StoreKeys.World, StoreKeys.World, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RegionStoreException exception) when (exception.InnerException is { } inner && StoreFailures.IsMissingTable(inner))
        {
            return false;
        }
    }

    /// <summary>The rows of a partition whose keys are at or after <paramref name="from"/> and before <paramref name="to"/>, in order. A page is read when it is needed.</summary>
    public async IAsyncEnumerable<TableEntity> QueryAsync(
        string partition, string from, string to, int pageRows, IReadOnlyList<string>? select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = $"PartitionKey eq '{partition}' and RowKey ge '{from}' and RowKey lt '{to}'";
        string? continuation = null;
        do
        {
            var page = await CallAsync(
                $"list {partition}",
                async token =>
                {
                    await foreach (var next in _client.QueryAsync<TableEntity>(filter, Math.Clamp(pageRows, 1, 1000), select, token)
                        .AsPages(continuation).ConfigureAwait(false))
                    {
                        return next;
                    }

                    return null;
                },
                cancellationToken).ConfigureAwait(false);
            foreach (var row in page?.Values ?? [])
            {
                yield return row;
            }

            continuation = page?.ContinuationToken;
        }
        while (continuation is not null);
    }

    /// <summary>Makes a transaction whose anchor is the first action, which must carry <paramref name="write"/>.</summary>
    /// <exception cref="RegionStoreException">The account failed, and the outcome could not be found out.</exception>
    public async Task<CommitResult> CommitAsync(IReadOnlyList<TableTransactionAction> actions, Guid write, string doing)
    {
        TransactionGuard.Check(actions);
        var anchor = actions[0];
        for (var sends = 1; ; sends++)
        {
            var (etags, failure) = await SendAsync(actions, doing).ConfigureAwait(false);
            if (etags is not null)
            {
                return new(Applied: true, Anchor: null, etags);
            }

            var found = await FindAsync(anchor.Entity.PartitionKey, anchor.Entity.RowKey, CancellationToken.None).ConfigureAwait(false);
            if (found?.GetGuid(Write) == write)
            {
                return new(Applied: true, found, []);
            }

            var isStillPossible = anchor.ActionType == TableTransactionActionType.Add ? found is null : found?.ETag == anchor.ETag;
            if (!isStillPossible)
            {
                return new(Applied: false, found, []);
            }

            if (StoreFailures.IsConflict(failure!))
            {
                // Not the anchor's condition: another row of the transaction is not as it was thought to be.
                return new(Applied: false, found, []);
            }

            if (sends == Sends)
            {
                throw Failures.From(failure!, doing);
            }
        }
    }

    /// <summary>Makes a transaction that is harmless in whatever state it meets, and says whether all of it was done.</summary>
    /// <exception cref="RegionStoreException">The account failed: the outcome is unknown.</exception>
    public async Task<bool> TryAsync(IReadOnlyList<TableTransactionAction> actions, string doing)
    {
        TransactionGuard.Check(actions);
        var (etags, failure) = await SendAsync(actions, doing).ConfigureAwait(false);
        return etags is not null ? true : StoreFailures.IsConflict(failure!) ? false : throw Failures.From(failure!, doing);
    }

    /// <returns>ETags, or the failure of a transaction that conflicted or whose outcome is unknown.</returns>
    private async Task<(IReadOnlyList<ETag>? ETags, Exception? Failure)> SendAsync(IReadOnlyList<TableTransactionAction> actions, string doing)
    {
        using var place = await TakePlaceAsync(CancellationToken.None).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(_timeout, _time);
        try
        {
            var response = await _client.SubmitTransactionAsync(actions, timeout.Token).ConfigureAwait(false);
            return ([.. response.Value.Select(static row => row.Headers.ETag ?? default)], null);
        }
        catch (Exception exception) when (StoreFailures.IsFailure(exception))
        {
            return StoreFailures.IsConflict(exception) || StoreFailures.IsUnknown(exception) ? (null, exception) : throw Failures.From(exception, doing);
        }
    }

    private async Task<T> CallAsync<T>(string doing, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var place = await TakePlaceAsync(cancellationToken).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (StoreFailures.IsFailure(exception))
        {
            // What the client makes of a wait that its caller gave up is not always a cancellation.
            cancellationToken.ThrowIfCancellationRequested();
            throw Failures.From(exception, doing);
        }
    }

    private async ValueTask<Place> TakePlaceAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_places is not null)
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new(_places);
    }

    private static TableClientOptions ClientOptions(AzureTablesStoreOptions options, bool isUrgent)
    {
        var client = new TableClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = options.Retries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                NetworkTimeout = options.NetworkTimeout,
            },
        };
        client.Diagnostics.IsLoggingEnabled = false;
        if (isUrgent)
        {
            client.Transport = new HttpClientTransport(new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime });
        }

        options.ConfigureClient?.Invoke(client);
        return client;
    }

    private readonly struct Place(SemaphoreSlim? places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }
}
