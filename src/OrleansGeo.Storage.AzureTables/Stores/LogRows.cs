using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>A log row as one entity, or as several where it is large: bytes in all of them, the rest in the first.</summary>
internal static class LogRows
{
    /// <summary>Of a part, beside the row's bytes: operation, keys, names.</summary>
    private const int PartBytes = 4096;

    /// <summary>What finds and counts rows without their bytes.</summary>
    public static IReadOnlyList<string> KeyProperties { get; } = ["PartitionKey", "RowKey", "First"];

    /// <param name="shard">The shard.</param>
    /// <param name="row">The row.</param>
    /// <param name="generation">Under which it is written.</param>
    /// <param name="action">Add, in the transaction of its commit; a replacing upsert, ahead of it.</param>
    public static IEnumerable<TableTransactionAction> Write(ShardId shard, LogRow row, Guid generation, TableTransactionActionType action)
    {
        var partition = StoreKeys.Partition(shard);
        var parts = Payload.Parts(row.Bytes.Length);
        for (var part = 0; part < parts; part++)
        {
            var entity = new TableEntity(partition, StoreKeys.Log(row.Last, generation, part));
            if (part == 0)
            {
                entity["First"] = row.First.Value;
                entity["Epoch"] = row.Epoch;
                entity["Parts"] = parts;
                entity["Sum"] = ChecksumOf(shard, row.Epoch, row.First.Value, row.Last.Value, row.Bytes.Span);
            }

            Payload.Put(entity, Payload.Part(row.Bytes.Span, part));
            yield return new(action, entity);
        }
    }

    /// <summary>What <see cref="Write"/> will cost, at most.</summary>
    public static TransactionCost CostOf(LogRow row)
    {
        var parts = Payload.Parts(row.Bytes.Length);
        return new(parts, (parts * (long)PartBytes) + (row.Bytes.Length * 3L / 2));
    }

    /// <summary>How many entities the row is in, whose first one is given.</summary>
    public static int Parts(TableEntity first) => first.GetInt32("Parts") ?? 1;

    /// <exception cref="RegionStoreException">It fails its checksum, or a part is missing.</exception>
    public static LogRow Read(ShardId shard, LogPosition last, IReadOnlyList<TableEntity> parts, StoreFailures failures)
    {
        var bytes = Payload.Take(parts);
        var (first, epoch) = (parts[0].GetInt64("First") ?? -1, parts[0].GetInt64("Epoch") ?? -1);
        return parts.Count == Parts(parts[0]) && ChecksumOf(shard, epoch, first, last.Value, bytes) == parts[0].GetInt64("Sum")
            ? new(epoch, new(first), last, bytes)
            : throw failures.Corrupt($"the log row that ends at position {last} of shard {shard} fails its checksum");
    }

    private static long ChecksumOf(ShardId shard, long epoch, long first, long last, ReadOnlySpan<byte> bytes) =>
        Checksum.Of(bytes, Checksum.Of(shard.Name), first, last, epoch);
}
