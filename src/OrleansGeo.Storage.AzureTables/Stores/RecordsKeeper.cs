using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Changes the records of one shard, of which a checkpoint changes thousands and a transaction a hundred rows.</summary>
/// <remarks>
/// <para>Changes are published packed (<see cref="Redo"/>), by the transaction that moves the head: from there on they belong to the records, and every reader lays
/// them over the rows. Then each is written to its row, and the redo is taken away. So the records are at every moment, and after an end at any step, those before the
/// transaction or those after it:</para>
/// <list type="bullet">
/// <item>before it, nobody looks at the redo rows, whose key nobody else has;</item>
/// <item>after it, rows may have any part of the changes, and the redo has all; whoever changes the records next finishes the work first;</item>
/// <item>each write to rows is in a transaction with the row <see cref="RecordsState"/> under its ETag, so that of two processes at this work, or a process that was
/// thought dead, only the one that wrote last goes on; and rows change under nobody who published meanwhile, since publishing needs that row, too.</item>
/// </list>
/// <para>A trim publishes that tombstones are gone in the same way: readers leave them out from then on, and their rows are deleted afterwards.</para>
/// <para>A copy that begins raises the generation, under which all rows are written, and so has no records in one step.</para>
/// <para>Used by one caller at a time: the shard's queue, or its <see cref="WorkChain"/>, for which the queue waits. Readers only look at what is remembered.</para>
/// </remarks>
internal sealed class RecordsKeeper(StoreTable table, ShardId shard, TimeProvider time)
{
    private const int Attempts = 64;
    private static readonly TimeSpan OthersTurn = TimeSpan.FromMilliseconds(20);

    private readonly string _partition = StoreKeys.Partition(shard);
    private volatile RecordsState? _known;
    private volatile Redo? _redo;
    private bool _isSwept;

    /// <summary>The row as this process saw it last; null when it does not know.</summary>
    public RecordsState? Known => _known;

    public void Forget() => _known = null;

    public async Task<RecordsState> LoadAsync(CancellationToken cancellationToken) => RecordsRow.Read(
        shard, await table.FindAsync(_partition, StoreKeys.Records, cancellationToken).ConfigureAwait(false), table.Failures);

    /// <summary>The row when all that it tells of is in the rows of the records: what is not, is written first.</summary>
    public async Task<RecordsState> SettleAsync()
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var state = _known ??= await LoadAsync(CancellationToken.None).ConfigureAwait(false);
            if (state.Pending is null && state.Cleared is null)
            {
                return state;
            }

            var redo = state.Pending is null ? null : await FindRedoAsync(state, CancellationToken.None).ConfigureAwait(false);
            var isDone = state.Pending is null
                ? await new TombstoneCollector(table, shard, this).CollectAsync(state).ConfigureAwait(false)
                : redo is not null && await ApplyAsync(state, redo).ConfigureAwait(false);
            if (isDone)
            {
                continue;
            }

            // Another process is at it, or has just finished. Both would only disturb each other.
            await Task.Delay(OthersTurn * attempt, time, CancellationToken.None).ConfigureAwait(false);
            var now = await LoadAsync(CancellationToken.None).ConfigureAwait(false);
            _known = state.Pending is null || redo is not null || now.ETag != state.ETag
                ? now
                : throw table.Failures.Corrupt($"pending records of shard {shard} are missing");
        }

        throw table.Failures.Unavailable($"cannot write the records of shard {shard}: other processes were first {Attempts} times");
    }

    /// <summary>Adds changes to a transaction.</summary>
    public async Task PublishAsync(ShardPlan plan, HeadState head, IEnumerable<StoredRecord> changes)
    {
        var redo = Redo.Of(changes);
        if (redo.Records.Count == 0)
        {
            return;
        }

        var state = await SettleAsync().ConfigureAwait(false);
        var rows = redo.Write(shard, head.Version);
        if (!plan.TryAdd(rows))
        {
            await Batches.WriteAsync(table, rows, $"write records of shard {shard}").ConfigureAwait(false);
        }

        var newest = redo.Newest;
        plan.Change(
            state,
            state with
            {
                Number = state.Number + 1,
                Pending = redo.Tag,
                PendingParts = rows.Count,
                PendingBase = head.Version,
                Newest = newest > state.Newest ? newest : state.Newest,
                NewestBefore = state.Newest,
                HasTombstones = state.HasTombstones || redo.Records.Values.Any(static record => record.States.Any(static change => change.Bytes is null)),
            },
            redo);
    }

    /// <summary>Adds to a transaction that the tombstones of states cleared up to <paramref name="through"/> are gone.</summary>
    public async Task ClearAsync(ShardPlan plan, LogPosition through)
    {
        var state = await SettleAsync().ConfigureAwait(false);
        if (state.HasTombstones)
        {
            plan.Change(state, state with { Number = state.Number + 1, Cleared = through }, redo: null);
        }
    }

    /// <summary>Adds to a transaction that there are no records any more.</summary>
    public async Task DiscardAsync(ShardPlan plan)
    {
        var state = _known ??= await LoadAsync(CancellationToken.None).ConfigureAwait(false);
        plan.Change(
            state,
            new() { Generation = state.Generation + 1, Number = state.Number + 1 },
            redo: null);
        _isSwept = false;
    }

    /// <summary>What a transaction made of the row; its ETag is the default when it is not known.</summary>
    public void Published(RecordsState state, Redo? redo)
    {
        _redo = redo;
        _known = state.ETag == default ? null : state;
    }

    /// <summary>The pending changes; null when their rows are gone, for then they are in their own.</summary>
    public async Task<Redo?> FindRedoAsync(RecordsState state, CancellationToken cancellationToken)
    {
        if (_redo is { } known && known.Tag == state.Pending)
        {
            return known;
        }

        var prefix = StoreKeys.Redo(state.PendingBase, state.Pending!.Value, part: 0)[..^4];
        var rows = await table.QueryAsync(_partition, prefix, StoreKeys.After(prefix), pageRows: 16, select: null, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Count == state.PendingParts ? Redo.Read(shard, state.Pending.Value, rows, table.Failures) : null;
    }

    /// <summary>Deletes what an earlier life left: records that a copy discarded, and changes that were never published.</summary>
    /// <param name="version">Of a head: whoever has based changes on an earlier one can no longer publish them.</param>
    public async Task SweepAsync(long version)
    {
        if (_isSwept)
        {
            return;
        }

        var state = await SettleAsync().ConfigureAwait(false);
        if (state.Generation > 0)
        {
            await Batches.DeleteAsync(
                table, () => KeysAsync(StoreKeys.RecordsOf(0), StoreKeys.RecordsOf(state.Generation)), "delete discarded records").ConfigureAwait(false);
            await Batches.DeleteAsync(
                table, () => KeysAsync(StoreKeys.TombstonesOf(0), StoreKeys.TombstonesOf(state.Generation)), "delete discarded tombstones").ConfigureAwait(false);
        }

        await Batches.DeleteAsync(table, () => KeysAsync(StoreKeys.RedoFrom(0), StoreKeys.RedoFrom(version)), "delete changes that were not made").ConfigureAwait(false);
        _isSwept = true;
    }

    /// <summary>Writes rows of records, with the row that governs them.</summary>
    /// <returns>The row afterwards; null when another process wrote it.</returns>
    public async Task<RecordsState?> WriteAsync(RecordsState state, RecordsState next, IEnumerable<TableTransactionAction> batch)
    {
        var write = Guid.NewGuid();
        _known = null;
        var result = await table
            .CommitAsync([RecordsRow.Write(shard, state, next, write), .. batch], write, $"write the records of shard {shard}").ConfigureAwait(false);
        return result.Applied ? _known = next with { ETag = result.AnchorETag } : null;
    }

    private async Task<bool> ApplyAsync(RecordsState state, Redo redo)
    {
        var (batch, cost) = (new List<TableTransactionAction>(), ShardPlan.HeadCost);
        var generation = state.Generation;
        string KeyOf(string entity, StateRecord change) => StoreKeys.State(generation, entity, change.Name, part: 0);

        // In a log that goes on, every change is newer than all that is stored, and nothing has to be asked.
        var stored = await StoredVersions.FindAsync(
            table,
            shard,
            from record in redo.Records
            from change in record.Value.States
            where change.Version < state.NewestBefore
            select KeyOf(record.Key, change)).ConfigureAwait(false);
        foreach (var (entity, record) in redo.Records)
        {
            foreach (var change in record.States)
            {
                if (stored.Count > 0 && stored.TryGetValue(KeyOf(entity, change), out var version) && version > change.Version)
                {
                    continue;
                }

                foreach (var action in StateRows.Write(shard, state.Generation, entity, change))
                {
                    var more = TransactionCost.Of(action);
                    if (!(cost + more).Fits)
                    {
                        if (await WriteAsync(state, state, batch).ConfigureAwait(false) is not { } next)
                        {
                            return false;
                        }

                        (state, batch, cost) = (next, [], ShardPlan.HeadCost);
                    }

                    batch.Add(action);
                    cost += more;
                }
            }
        }

        var settled = state with { Pending = null, PendingParts = 0, PendingBase = 0, NewestBefore = default };
        if (await WriteAsync(state, settled, batch).ConfigureAwait(false) is null)
        {
            return false;
        }

        var prefix = StoreKeys.Redo(state.PendingBase, redo.Tag, part: 0)[..^4];
        await Batches.DeleteAsync(table, () => KeysAsync(prefix, StoreKeys.After(prefix)), "delete changes that are made").ConfigureAwait(false);
        _redo = null;
        return true;
    }

    private IAsyncEnumerable<TableEntity> KeysAsync(string from, string to) =>
        table.QueryAsync(_partition, from, to, pageRows: 1000, ["PartitionKey", "RowKey"], CancellationToken.None);
}
