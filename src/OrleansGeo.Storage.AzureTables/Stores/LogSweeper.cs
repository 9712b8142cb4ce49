using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Deletes rows that left the log and are not the ledger's.</summary>
/// <remarks>
/// Only rows that a head excludes, and such a row never comes back: it would need its generation, which is not drawn again. Cuts are read after that head, and what
/// later cuts keep is after what it trimmed. So it may run beside anything, in any number of processes. How far it came is written with a later head
/// (<see cref="HeadState.Swept"/>); after an end in the middle the next sweep begins there.
/// </remarks>
internal sealed class LogSweeper(StoreTable table, ShardId shard)
{
    private readonly string _partition = StoreKeys.Partition(shard);

    /// <param name="head">A head that the shard had.</param>
    /// <param name="through">Everything up to here left the log by it.</param>
    public async Task SweepAsync(HeadState head, LogPosition through)
    {
        if (head.Swept >= through)
        {
            return;
        }

        var cuts = await table.QueryAsync(_partition, StoreKeys.Cut(0), StoreKeys.After("cut-"), 1000, null, CancellationToken.None)
            .Select(row => CutRecord.Read(shard, row, table.Failures)).ToListAsync().ConfigureAwait(false);
        IAsyncEnumerable<TableEntity> Gone() => table
            .QueryAsync(_partition, StoreKeys.LogFrom(head.Swept.Next), StoreKeys.LogFrom(through.Next), 1000, ["PartitionKey", "RowKey"], CancellationToken.None)
            .Where(row => StoreKeys.ParseLog(row.RowKey) is var (last, generation, _) && !cuts.Exists(cut => cut.Keeps(last, generation)));
        await Batches.DeleteAsync(table, Gone, $"delete trimmed rows of shard {shard}").ConfigureAwait(false);
    }
}
