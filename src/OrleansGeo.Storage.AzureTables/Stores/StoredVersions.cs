using System.Collections.Concurrent;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The versions that stored states have, of those that changes may be older than: after a copy, which may bring states newer than its checkpoint.</summary>
internal static class StoredVersions
{
    private const int Together = 100;
    private const int RangeRows = 1000;
    private const int ParallelReads = 16;

    /// <summary>By the key of a state's first row; a state that is not stored is not there.</summary>
    public static async Task<IReadOnlyDictionary<string, RecordVersion>> FindAsync(StoreTable table, ShardId shard, IEnumerable<string> keys)
    {
        var found = new ConcurrentDictionary<string, RecordVersion>(StringComparer.Ordinal);
        foreach (var together in keys.Order(StringComparer.Ordinal).Chunk(Together))
        {
            // The pages of a copy come in order of the keys, into a part of the table where there is little yet: one request tells of all.
            var range = await table.QueryAsync(
                StoreKeys.Partition(shard), together[0], together[^1] + KeyText.End, RangeRows, StateRows.VersionProperties, CancellationToken.None)
                .Take(RangeRows).ToListAsync().ConfigureAwait(false);
            if (range.Count < RangeRows)
            {
                range.ForEach(row => found[row.RowKey] = StateRows.VersionOf(row));
                continue;
            }

            await Parallel.ForEachAsync(together, new ParallelOptions { MaxDegreeOfParallelism = ParallelReads }, async (key, token) =>
            {
                if (await table.FindAsync(StoreKeys.Partition(shard), key, token).ConfigureAwait(false) is TableEntity row)
                {
                    found[key] = StateRows.VersionOf(row);
                }
            }).ConfigureAwait(false);
        }

        return found;
    }
}
