using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Reads one shard. What takes several requests is of one moment all the same: the row that governs it is the same before and after, or it is read again.</summary>
internal sealed class ShardReader(StoreTable table, ShardId shard, RecordsKeeper records)
{
    private const int Attempts = 64;

    /// <summary>What a state counts for in a page beside its bytes, so that a page of tombstones ends too.</summary>
    private const int StateOverheadBytes = 32;

    private readonly LogReader _log = new(table, shard);
    private readonly RecordRows _rows = new(table, shard);

    public async Task<HeadState> ReadHeadAsync(CancellationToken cancellationToken) => HeadRow.Read(
        shard, await table.FindAsync(StoreKeys.Partition(shard), StoreKeys.Head, cancellationToken).ConfigureAwait(false), table.Failures);

    public async Task<ImmutableArray<LogRow>> ReadLogAsync(LogPosition from, int maxBytes, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var start = LogPosition.Max(from, head.Shard.Trimmed.Next);
            if (!head.HasRows || start > head.Shard.Last)
            {
                return [];
            }

            RegionStoreException? damage = null;
            try
            {
                var rows = await _log.ReadAsync(head.Segments, start, head.Shard.Last, maxBytes, cancellationToken).ConfigureAwait(false);
                if (FirstMissing(rows, start, head.Shard.Last, maxBytes) is not { } missing)
                {
                    return rows;
                }

                damage = table.Failures.Corrupt($"the log row at position {missing} of shard {shard} is missing");
            }
            catch (RegionStoreException failure) when (failure.Failure == RegionStoreFailure.Corrupt)
            {
                damage = failure;
            }

            // Or it was trimmed, or discarded, while it was read.
            var now = await ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            head = now.ETag != head.ETag ? now : throw damage;
        }

        throw TooManyWriters("log");
    }

    public Task<EntityRecord> ReadRecordAsync(string entity, CancellationToken cancellationToken) => ReadRecordsAsync(
        async (state, redo) =>
        {
            var stored = await _rows.ReadAsync(state.Generation, entity, cancellationToken).ConfigureAwait(false);
            return Present(state, redo?.Records.GetValueOrDefault(entity) is { } pending ? pending.Over(stored) : stored);
        },
        cancellationToken);

    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(string? afterEntity, int maxBytes, CancellationToken cancellationToken) => ReadRecordsAsync(
        async (state, redo) =>
        {
            var page = ImmutableArray.CreateBuilder<StoredRecord>();
            var bytes = 0L;
            var pageRows = (int)Math.Min(1000, 8 + (Math.Max(0, maxBytes) / 64));
            var stored = _rows.ReadAsync(state.Generation, afterEntity, pageRows, cancellationToken);
            await foreach (var record in MergeAsync(stored, PendingAfter(redo, afterEntity)).ConfigureAwait(false))
            {
                if (bytes > maxBytes)
                {
                    break;
                }

                if (Present(state, record.Record) is not { States.IsEmpty: false } present)
                {
                    continue;
                }

                page.Add(new(record.Entity, present));
                bytes += record.Entity.Length + present.States.Sum(static state => (long)StateOverheadBytes + (state.Bytes?.Length ?? 0));
            }

            return page.DrainToImmutable();
        },
        cancellationToken);

    /// <remarks>
    /// While the number stays the same nothing was published, so the rows have at most a part of what is pending, which is laid over them whole.
    /// What is remembered of the row serves as the first look: usually it is right, and one request less.
    /// </remarks>
    private async Task<T> ReadRecordsAsync<T>(Func<RecordsState, Redo?, Task<T>> read, CancellationToken cancellationToken)
    {
        var state = records.Known ?? await records.LoadAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            RegionStoreException? damage = null;
            var answer = default(T);
            var isWhole = true;
            try
            {
                var redo = state.Pending is null ? null : await records.FindRedoAsync(state, cancellationToken).ConfigureAwait(false);
                isWhole = state.Pending is null || redo is not null;
                answer = await read(state, redo).ConfigureAwait(false);
            }
            catch (RegionStoreException failure) when (failure.Failure == RegionStoreFailure.Corrupt)
            {
                damage = failure;
            }

            var now = await records.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (now.Number == state.Number && now.Pending == state.Pending && damage is not null)
            {
                throw damage;
            }

            if (now.Number == state.Number && damage is null && (isWhole || now.Pending is null))
            {
                return answer!;
            }

            if (now.Number == state.Number && now.Pending is not null)
            {
                throw table.Failures.Corrupt($"pending records of shard {shard} are missing");
            }

            state = now;
        }

        throw TooManyWriters("records");
    }

    /// <summary>Without what was cleared and may still have rows.</summary>
    private static EntityRecord Present(RecordsState state, EntityRecord record) => state.Cleared is { } through ? record.WithoutTombstones(through) : record;

    private static IEnumerable<StoredRecord> PendingAfter(Redo? redo, string? afterEntity) => redo is null
        ? []
        : redo.Records
            .Where(record => afterEntity is null || string.CompareOrdinal(record.Key, afterEntity) > 0)
            .Select(static record => new StoredRecord(record.Key, record.Value));

    /// <summary>Both in the order of their entities; of one that is in both, what is pending over what is stored.</summary>
    private static async IAsyncEnumerable<StoredRecord> MergeAsync(IAsyncEnumerable<StoredRecord> stored, IEnumerable<StoredRecord> pending)
    {
        using var next = pending.GetEnumerator();
        var any = next.MoveNext();
        await foreach (var record in stored.ConfigureAwait(false))
        {
            while (any && string.CompareOrdinal(next.Current.Entity, record.Entity) < 0)
            {
                yield return next.Current;
                any = next.MoveNext();
            }

            if (any && next.Current.Entity == record.Entity)
            {
                yield return new(record.Entity, next.Current.Record.Over(record.Record));
                any = next.MoveNext();
            }
            else
            {
                yield return record;
            }
        }

        for (; any; any = next.MoveNext())
        {
            yield return next.Current;
        }
    }

    /// <summary>Rows of a log have no gaps: each position from the first that was asked for is in one.</summary>
    private static LogPosition? FirstMissing(ImmutableArray<LogRow> rows, LogPosition start, LogPosition last, int maxBytes)
    {
        var next = start;
        var bytes = 0L;
        foreach (var row in rows)
        {
            if (row.First > next || (next > start && row.First != next))
            {
                return next;
            }

            next = row.Last.Next;
            bytes += row.Bytes.Length;
        }

        return next > last || (!rows.IsEmpty && bytes > maxBytes) ? null : next;
    }

    private RegionStoreException TooManyWriters(string what) =>
        table.Failures.Unavailable($"cannot read the {what} of shard {shard}: it changed {Attempts} times meanwhile");
}
