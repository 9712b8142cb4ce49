using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Reads records from their rows, as these are: whether they are of one moment is for the caller to find out.</summary>
internal sealed class RecordRows(StoreTable table, ShardId shard)
{
    /// <summary>The states of one entity.</summary>
    public async Task<EntityRecord> ReadAsync(long generation, string entity, CancellationToken cancellationToken)
    {
        var key = StoreKeys.Entity(generation, entity);
        var rows = RowsOfAsync(key, cancellationToken);
        await foreach (var record in RecordsOfAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            // Two long keys would have to meet in their hash.
            if (record.Entity == entity)
            {
                return record.Record;
            }
        }

        return EntityRecord.Empty;
    }

    /// <summary>Records in ordinal order of their entities, after <paramref name="afterEntity"/>.</summary>
    /// <remarks>Entities whose keys were shortened do not sort by their rows' keys: those of one beginning are gathered and sorted here.</remarks>
    public async IAsyncEnumerable<StoredRecord> ReadAsync(
        long generation, string? afterEntity, int pageRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = StoreKeys.RecordsOf(generation);
        var (bucket, beginning) = (new List<StoredRecord>(), "");
        var rows = table.QueryAsync(
            StoreKeys.Partition(shard), FromAfter(generation, afterEntity), StoreKeys.After(all), pageRows, select: null, cancellationToken);
        await foreach (var record in RecordsOfAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            var key = KeyText.Shorten(record.Entity, StoreKeys.EntityLength, out var isShortened);
            if (bucket.Count > 0 && !(isShortened && key.StartsWith(beginning, StringComparison.Ordinal)))
            {
                foreach (var gathered in bucket.OrderBy(static gathered => gathered.Entity, StringComparer.Ordinal))
                {
                    yield return gathered;
                }

                bucket.Clear();
            }

            if (afterEntity is not null && string.CompareOrdinal(record.Entity, afterEntity) <= 0)
            {
                continue;
            }

            if (isShortened)
            {
                beginning = key[..(StoreKeys.EntityLength + 1)];
                bucket.Add(record);
            }
            else
            {
                yield return record;
            }
        }

        foreach (var gathered in bucket.OrderBy(static gathered => gathered.Entity, StringComparer.Ordinal))
        {
            yield return gathered;
        }
    }

    private static string FromAfter(long generation, string? afterEntity)
    {
        var all = StoreKeys.RecordsOf(generation);
        if (afterEntity is null)
        {
            return all;
        }

        var key = KeyText.Shorten(afterEntity, StoreKeys.EntityLength, out var isShortened);
        return all + (isShortened ? key[..(StoreKeys.EntityLength + 1)] : key + KeyText.AfterEnd);
    }

    /// <summary>The rows of an entity, whose key this is.</summary>
    public IAsyncEnumerable<TableEntity> RowsOfAsync(string entityKey, CancellationToken cancellationToken) => table.QueryAsync(
        StoreKeys.Partition(shard), entityKey + KeyText.End, entityKey + KeyText.AfterEnd, pageRows: 1000, select: null, cancellationToken);

    /// <summary>The records that rows in order hold.</summary>
    public async IAsyncEnumerable<StoredRecord> RecordsOfAsync(
        IAsyncEnumerable<TableEntity> all, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var states = ImmutableArray.CreateBuilder<StateRecord>();
        var rows = new List<TableEntity>();
        var (entityKey, entity) = ("", "");
        await foreach (var row in all.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (rows.Count > 0 && !IsOfOneState(rows[0].RowKey, row.RowKey))
            {
                states.Add(StateRows.Read(shard, entity, rows, table.Failures));
                rows.Clear();
            }

            if (EntityKeyOf(row.RowKey) is var key && key != entityKey)
            {
                if (states.Count > 0)
                {
                    yield return new(entity, new(states.DrainToImmutable()));
                }

                (entityKey, entity) = (key, StateRows.EntityOf(row));
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
        {
            states.Add(StateRows.Read(shard, entity, rows, table.Failures));
            yield return new(entity, new(states.DrainToImmutable()));
        }
    }

    private static string EntityKeyOf(string key) => key[..key.IndexOf(KeyText.End, StringComparison.Ordinal)];

    private static bool IsOfOneState(string left, string right) =>
        left.AsSpan(0, left.LastIndexOf(KeyText.End)).SequenceEqual(right.AsSpan(0, right.LastIndexOf(KeyText.End)));
}
