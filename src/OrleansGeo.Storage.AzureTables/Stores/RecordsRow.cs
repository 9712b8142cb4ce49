using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary><see cref="RecordsState"/> as a row.</summary>
internal static class RecordsRow
{
    /// <summary>Writes <paramref name="next"/> if the row is still as <paramref name="state"/> was read.</summary>
    public static TableTransactionAction Write(ShardId shard, RecordsState state, RecordsState next, Guid write)
    {
        var row = new TableEntity(StoreKeys.Partition(shard), StoreKeys.Records)
        {
            ["Generation"] = next.Generation,
            ["Number"] = next.Number,
            ["Pending"] = next.Pending ?? Guid.Empty,
            ["PendingParts"] = next.PendingParts,
            ["PendingBase"] = next.PendingBase,
            ["NewestEpoch"] = next.Newest.Epoch,
            ["NewestPosition"] = next.Newest.Position.Value,
            ["BeforeEpoch"] = next.NewestBefore.Epoch,
            ["BeforePosition"] = next.NewestBefore.Position.Value,
            ["Cleared"] = next.Cleared?.Value ?? -1,
            ["HasTombstones"] = next.HasTombstones,
            ["Sum"] = ChecksumOf(shard, next),
            [StoreTable.Write] = write,
        };
        return state.ETag == default
            ? new(TableTransactionActionType.Add, row)
            : new(TableTransactionActionType.UpdateReplace, row, state.ETag);
    }

    public static RecordsState Read(ShardId shard, TableEntity? row, StoreFailures failures)
    {
        if (row is null)
        {
            return RecordsState.Empty;
        }

        var state = new RecordsState
        {
            Generation = row.GetInt64("Generation") ?? -1,
            Number = row.GetInt64("Number") ?? -1,
            Pending = row.GetGuid("Pending") is { } pending && pending != Guid.Empty ? pending : null,
            PendingParts = row.GetInt32("PendingParts") ?? -1,
            PendingBase = row.GetInt64("PendingBase") ?? -1,
            Newest = VersionOf(row, "Newest"),
            NewestBefore = VersionOf(row, "Before"),
            Cleared = row.GetInt64("Cleared") is { } cleared and >= 0 ? new LogPosition(cleared) : null,
            HasTombstones = row.GetBoolean("HasTombstones") ?? true,
            ETag = row.ETag,
        };
        return row.GetInt64("Sum") == ChecksumOf(shard, state)
            ? state
            : throw failures.Corrupt($"the row that says which rows are the records of shard {shard} fails its checksum");
    }

    private static RecordVersion VersionOf(TableEntity row, string name) =>
        new(row.GetInt64(name + "Epoch") ?? -1, new(row.GetInt64(name + "Position") ?? -1));

    private static long ChecksumOf(ShardId shard, RecordsState state) => Checksum.Of(
        (state.Pending ?? Guid.Empty).ToByteArray(),
        Checksum.Of(shard.Name), state.Generation, state.Number, state.PendingParts, state.PendingBase,
        state.Newest.Epoch, state.Newest.Position.Value, state.NewestBefore.Epoch, state.NewestBefore.Position.Value,
        state.Cleared?.Value ?? -1, state.HasTombstones ? 1 : 0);
}
