using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>A shard's head as a row.</summary>
internal static class HeadRow
{
    /// <summary>Writes <paramref name="next"/> if the row is still as <paramref name="head"/> was read.</summary>
    public static TableTransactionAction Write(ShardId shard, HeadState head, HeadState next, Guid write)
    {
        var (epochs, segments) = (EpochTableCodec.Encode(next.Shard.Epochs), next.Segments.Encode());
        var row = new TableEntity(StoreKeys.Partition(shard), StoreKeys.Head)
        {
            ["PromisedRegion"] = next.Shard.Promised.Region.Name,
            ["PromisedEpoch"] = next.Shard.Promised.Epoch,
            ["Last"] = next.Shard.Last.Value,
            ["Trimmed"] = next.Shard.Trimmed.Value,
            ["Checkpoint"] = next.Shard.Checkpoint.Value,
            ["Copying"] = next.Shard.Copying,
            ["Copy"] = next.Shard.Copy,
            ["Generation"] = next.Generation,
            ["Swept"] = next.Swept.Value,
            ["Version"] = next.Version,
            ["Sum"] = ChecksumOf(shard, next, epochs, segments),
            [StoreTable.Write] = write,
        };
        Payload.Put(row, epochs, "Epochs");
        Payload.Put(row, segments, "Segments");
        return head.Exists ? new(TableTransactionActionType.UpdateReplace, row, head.ETag) : new(TableTransactionActionType.Add, row);
    }

    public static HeadState Read(ShardId shard, TableEntity? row, StoreFailures failures)
    {
        if (row is null)
        {
            return HeadState.Empty;
        }

        var region = row.GetString("PromisedRegion") ?? "";
        var (epochs, segments) = (Payload.Take(row, "Epochs"), Payload.Take(row, "Segments"));
        if ((region.Length > 0 && !RegionId.IsValid(region)) || EpochTableCodec.Decode(epochs) is not { } table || LogSegments.Decode(segments) is not { } decoded)
        {
            throw Damaged(shard, failures);
        }

        var head = new HeadState
        {
            Shard = new()
            {
                Promised = new(region.Length > 0 ? new RegionId(region) : default, row.GetInt64("PromisedEpoch") ?? -1),
                Last = new(row.GetInt64("Last") ?? -1),
                Trimmed = new(row.GetInt64("Trimmed") ?? -1),
                Checkpoint = new(row.GetInt64("Checkpoint") ?? -1),
                Copying = row.GetBoolean("Copying") ?? false,
                Copy = row.GetGuid("Copy") ?? default,
                Epochs = table,
            },
            Generation = row.GetGuid("Generation") ?? default,
            Segments = decoded,
            Swept = new(row.GetInt64("Swept") ?? -1),
            Version = row.GetInt64("Version") ?? -1,
            ETag = row.ETag,
        };
        return row.GetInt64("Sum") == ChecksumOf(shard, head, epochs, segments) ? head : throw Damaged(shard, failures);
    }

    private static RegionStoreException Damaged(ShardId shard, StoreFailures failures) =>
        failures.Corrupt($"the head of shard {shard} fails its checksum");

    private static long ChecksumOf(ShardId shard, HeadState head, byte[] epochs, byte[] segments)
    {
        var (promised, copy) = (head.Shard.Promised, head.Shard.Copy.ToByteArray());
        return Checksum.Of(
            epochs,
            Checksum.Of(shard.Name), Checksum.Of(promised.Region.Name), promised.Epoch, head.Shard.Last.Value, head.Shard.Trimmed.Value,
            head.Shard.Checkpoint.Value, head.Shard.Copying ? 1 : 0, Checksum.Of(copy), Checksum.Of(segments),
            Checksum.Of(head.Generation.ToByteArray()), head.Swept.Value, head.Version);
    }
}
