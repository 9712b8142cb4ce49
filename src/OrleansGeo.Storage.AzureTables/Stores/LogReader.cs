using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Reads the rows of a shard that belong to given segments; whatever else lies between them is passed over.</summary>
internal sealed class LogReader(StoreTable table, ShardId shard)
{
    private const int RowBytes = 256;

    /// <summary>Rows that end at or after <paramref name="from"/> and at or before <paramref name="through"/>, until <paramref name="maxBytes"/> is passed.</summary>
    public async Task<ImmutableArray<LogRow>> ReadAsync(
        LogSegments segments, LogPosition from, LogPosition through, long maxBytes, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        var parts = new List<TableEntity>(1);
        var bytes = 0L;
        await foreach (var (entity, last) in EntitiesAsync(segments, from, through, (int)Math.Min(1000, 2 + (maxBytes / RowBytes)), null, cancellationToken).ConfigureAwait(false))
        {
            if (bytes > maxBytes && parts.Count == 0)
            {
                break;
            }

            parts.Add(entity);
            if (parts.Count == LogRows.Parts(parts[0]))
            {
                rows.Add(LogRows.Read(shard, last, parts, table.Failures));
                bytes += rows[^1].Bytes.Length;
                parts.Clear();
            }
        }

        return parts.Count == 0
            ? rows.DrainToImmutable()
            : throw table.Failures.Corrupt($"a part of the log row that begins at position {parts[0].GetInt64("First")} of shard {shard} is missing");
    }

    /// <summary>The first row that ends at or after <paramref name="from"/>; null when none ends up to <paramref name="through"/>.</summary>
    public async Task<(LogPosition First, LogPosition Last)?> FindAsync(
        LogSegments segments, LogPosition from, LogPosition through, CancellationToken cancellationToken)
    {
        await foreach (var (entity, last) in EntitiesAsync(segments, from, through, pageRows: 4, LogRows.KeyProperties, cancellationToken).ConfigureAwait(false))
        {
            return (new(entity.GetInt64("First") ?? -1), last);
        }

        return null;
    }

    private async IAsyncEnumerable<(TableEntity Entity, LogPosition Last)> EntitiesAsync(
        LogSegments segments,
        LogPosition from,
        LogPosition through,
        int pageRows,
        IReadOnlyList<string>? select,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (from > through)
        {
            yield break;
        }

        var entities = table.QueryAsync(
            StoreKeys.Partition(shard), StoreKeys.LogFrom(from), StoreKeys.LogFrom(through.Next), pageRows, select, cancellationToken);
        await foreach (var entity in entities.ConfigureAwait(false))
        {
            var (last, generation, _) = StoreKeys.ParseLog(entity.RowKey)
                ?? throw table.Failures.Corrupt($"a log row of shard {shard} has the unreadable key '{entity.RowKey}'");
            if (segments.At(last) == generation)
            {
                yield return (entity, last);
            }
        }
    }
}
