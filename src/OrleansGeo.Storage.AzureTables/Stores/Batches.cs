using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Work of any size on one partition, in as many transactions as it takes. Only for rows that nobody sees yet, or any more.</summary>
internal static class Batches
{
    private const int Attempts = 64;

    /// <summary>Writes rows under keys that only this call has, whatever is there: what makes them count must not be written unless all of them are.</summary>
    /// <exception cref="RegionStoreException">A row is not written.</exception>
    public static async Task WriteAsync(StoreTable table, IEnumerable<TableTransactionAction> actions, string doing)
    {
        foreach (var batch in Split(actions))
        {
            if (!await table.TryAsync(batch, doing).ConfigureAwait(false))
            {
                throw table.Failures.Unavailable($"cannot {doing}: the account found rows that only this call knows of to be changed by another");
            }
        }
    }

    /// <summary>Deletes rows that <paramref name="list"/> finds, until it finds none: another process may delete the same ones.</summary>
    public static async Task DeleteAsync(StoreTable table, Func<IAsyncEnumerable<TableEntity>> list, string doing)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rows = await list().Select(static row => Delete(row)).ToListAsync().ConfigureAwait(false);
            var all = true;
            foreach (var batch in Split(rows))
            {
                all &= await table.TryAsync(batch, doing).ConfigureAwait(false);
            }

            if (all)
            {
                return;
            }
        }
    }

    public static TableTransactionAction Delete(TableEntity row) =>
        new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), Azure.ETag.All);

    private static IEnumerable<List<TableTransactionAction>> Split(IEnumerable<TableTransactionAction> actions)
    {
        var (batch, cost) = (new List<TableTransactionAction>(), default(TransactionCost));
        foreach (var action in actions)
        {
            var more = TransactionCost.Of(action);
            if (batch.Count > 0 && !(cost + more).Fits)
            {
                yield return batch;
                (batch, cost) = ([], default);
            }

            batch.Add(action);
            cost += more;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
