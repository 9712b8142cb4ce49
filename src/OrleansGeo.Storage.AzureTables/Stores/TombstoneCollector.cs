using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Deletes the tombstones that <see cref="RecordsState.Cleared"/> tells of. They have rows of their own by position, so that the others need not be read.</summary>
internal sealed class TombstoneCollector(StoreTable table, ShardId shard, RecordsKeeper records)
{
    private readonly string _partition = StoreKeys.Partition(shard);

    /// <returns>Whether it came to the end; otherwise another process writes the records.</returns>
    public async Task<bool> CollectAsync(RecordsState state)
    {
        var through = state.Cleared!.Value;
        var tombstones = await table
            .QueryAsync(_partition, StoreKeys.TombstonesOf(state.Generation), StoreKeys.TombstonesAfter(state.Generation, through), 1000, null, CancellationToken.None)
            .ToListAsync().ConfigureAwait(false);
        var kept = tombstones.Count;
        List<TableTransactionAction> batch = [];
        foreach (var entity in tombstones.GroupBy(StateRows.EntityOf))
        {
            // Rows of a state before the tombstone that finds them: what was not deleted is found again.
            var (states, found) = await FindGoneAsync(state, entity.Key, [.. entity], through).ConfigureAwait(false);
            kept -= found.Count;
            foreach (var delete in states.Concat(found))
            {
                if (batch.Count == TableLimits.Operations - 1)
                {
                    if (await records.WriteAsync(state, state, batch).ConfigureAwait(false) is not { } next)
                    {
                        return false;
                    }

                    (state, batch) = (next, []);
                }

                batch.Add(delete);
            }
        }

        var later = table.QueryAsync(
            _partition, StoreKeys.TombstonesAfter(state.Generation, through), StoreKeys.TombstonesOf(state.Generation + 1), 1, null, CancellationToken.None);
        var hasMore = kept > 0 || await later.AnyAsync().ConfigureAwait(false);
        return await records.WriteAsync(state, state with { Cleared = null, HasTombstones = hasMore }, batch).ConfigureAwait(false) is not null;
    }

    private async Task<(List<TableTransactionAction> States, List<TableTransactionAction> Tombstones)> FindGoneAsync(
        RecordsState state, string entity, IReadOnlyList<TableEntity> tombstones, LogPosition through)
    {
        var entityRows = new RecordRows(table, shard);
        var rows = await entityRows.RowsOfAsync(StoreKeys.Entity(state.Generation, entity), CancellationToken.None).ToListAsync().ConfigureAwait(false);
        var record = (await entityRows.RecordsOfAsync(rows.ToAsyncEnumerable(), CancellationToken.None).FirstOrDefaultAsync().ConfigureAwait(false))?.Record
            ?? EntityRecord.Empty;
        var kept = record.WithoutTombstones(through).States.Select(static state => state.Name).ToHashSet(StringComparer.Ordinal);
        var removed = record.States.Where(gone => !kept.Contains(gone.Name)).ToList();

        // A tombstone whose state was written again, or is removed now, has done its work.
        var found = tombstones
            .Where(tombstone => record.Find(StateRows.StateOf(tombstone)) is not { } there || there.Version != StateRows.VersionOf(tombstone) || !kept.Contains(there.Name))
            .Select(Batches.Delete)
            .ToList();
        var states = removed
            .Select(gone => StoreKeys.State(state.Generation, entity, gone.Name, part: 0)[..^2])
            .SelectMany(key => rows.Where(row => row.RowKey.StartsWith(key, StringComparison.Ordinal)))
            .Select(Batches.Delete)
            .ToList();
        return (states, found);
    }
}
