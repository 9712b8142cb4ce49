using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What a cut removed: the rows of these segments that begin after <paramref name="After"/> and end at or before <paramref name="Through"/>. They stay where they are.</summary>
/// <remarks>Written in the transaction that changes the head, so a row is in the log or in the ledger, never in both, never in neither.</remarks>
internal sealed record CutRecord(long Number, LogPosition After, LogPosition Through, LogSegments Segments)
{
    /// <summary>A cut row's id is the number of its cut and its place in there.</summary>
    public const int RowBits = 24;

    public bool Keeps(LogPosition last, Guid generation) => last > After && last <= Through && Segments.At(last) == generation;

    public TableTransactionAction Insert(ShardId shard)
    {
        var segments = Segments.Encode();
        var row = new TableEntity(StoreKeys.Partition(shard), StoreKeys.Cut(Number))
        {
            ["Number"] = Number,
            ["After"] = After.Value,
            ["Through"] = Through.Value,
            ["Sum"] = ChecksumOf(shard, Number, After.Value, Through.Value, segments),
        };
        Payload.Put(row, segments, "Segments");
        return new(TableTransactionActionType.Add, row);
    }

    public static CutRecord Read(ShardId shard, TableEntity row, StoreFailures failures)
    {
        var segments = Payload.Take(row, "Segments");
        var (number, after, through) = (row.GetInt64("Number") ?? -1, row.GetInt64("After") ?? -1, row.GetInt64("Through") ?? -1);
        return LogSegments.Decode(segments) is { } decoded && ChecksumOf(shard, number, after, through, segments) == row.GetInt64("Sum")
            ? new(number, new(after), new(through), decoded)
            : throw failures.Corrupt($"the record of cut {number} of shard {shard} fails its checksum");
    }

    private static long ChecksumOf(ShardId shard, long number, long after, long through, byte[] segments) =>
        Checksum.Of(segments, Checksum.Of(shard.Name), number, after, through);
}
