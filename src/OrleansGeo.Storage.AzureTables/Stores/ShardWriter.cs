using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Changes one shard: takes its calls in the order in which they were made, several appends into one transaction, each transaction under the ETag of the head.</summary>
/// <remarks>
/// <para>The head is remembered, so that a commit is one request. What is remembered never decides alone: a change holds because its transaction finds the
/// head as it was, and an answer without a change is given on a head that was read after the call was made.</para>
/// <para>Every transaction raises <see cref="HeadState.Version"/>, so two that were planned on one head exclude each other, whichever processes made them.</para>
/// </remarks>
internal sealed class ShardWriter
{
    private const int Attempts = 64;

    private readonly StoreTable _table;
    private readonly ShardId _shard;
    private readonly ILogger _logger;
    private readonly LogSweeper _sweeper;
    private readonly ShardQueue _queue;

    /// <summary>The head as it was left; null when it must be read. Used by the queue only.</summary>
    private HeadState? _head;

    /// <summary>What was swept of the log that has this generation, not yet written with a head.</summary>
    private volatile SweptLog? _swept;

    public ShardWriter(StoreTable table, ShardId shard, LedgerRows ledger, AzureTablesStoreOptions options, TimeProvider time, ILogger logger)
    {
        _table = table;
        _shard = shard;
        _logger = logger;
        _sweeper = new(table, shard);
        _queue = new(shard, table.Failures, options.QueuedBytes, CommitAsync, Forget);
        Chain = new(logger, table.Failures.Description);
        Records = new(table, shard, time);
        Steps = new(table, shard, ledger, new LogReader(table, shard), Records);
    }

    public ShardSteps Steps { get; }

    public RecordsKeeper Records { get; }

    public WorkChain Chain { get; }

    /// <param name="step">What it does.</param>
    /// <param name="cost">What it writes, at most.</param>
    /// <param name="canShare">Whether it may share a transaction with others.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task<T> EnqueueAsync<T>(ShardStep<T> step, TransactionCost cost, bool canShare, CancellationToken cancellationToken) =>
        _queue.EnqueueAsync(new ShardMutation<T>(step, cost, canShare, cancellationToken), cancellationToken);

    /// <summary>Refuses further calls, and waits for those that were made and for what is left to do after them.</summary>
    public async Task CloseAsync()
    {
        await _queue.CloseAsync().ConfigureAwait(false);
        await Chain.Idle.ConfigureAwait(false);
    }

    /// <summary>The outcome of a transaction is unknown, and so is where the shard stands.</summary>
    private void Forget(Exception exception)
    {
        _head = null;
        Records.Forget();
        StoreEvents.WriteFailed(_logger, exception, _table.Failures.Description);
    }

    private async Task CommitAsync(List<ShardMutation> group)
    {
        // Records are written by one caller at a time, and a call that needs them comes alone.
        if (!group[0].CanShare)
        {
            await Chain.Idle.ConfigureAwait(false);
        }

        var isFresh = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (_head is not { } head)
            {
                _head = head = await LoadAsync().ConfigureAwait(false);
                isFresh = true;
            }

            var plan = new ShardPlan(_shard);
            if (await PlanAsync(group, plan, head, isFresh).ConfigureAwait(false) is not { } next)
            {
                _head = null;
            }
            else if (next == head && plan.IsEmpty)
            {
                if (isFresh && !(plan.IsToBeConfirmed && (await LoadAsync().ConfigureAwait(false)).ETag != head.ETag))
                {
                    Complete(group);
                    return;
                }

                _head = null;
            }
            else if (await CommitAsync(head, next, plan).ConfigureAwait(false) is { } committed)
            {
                Complete(group);
                Continue(head, committed, plan);
                return;
            }
            else
            {
                isFresh = true;
            }
        }

        throw _table.Failures.Unavailable($"cannot write shard {_shard}: other writers were first {Attempts} times");
    }

    /// <returns>The head afterwards; null when the one that was given is out of date.</returns>
    private async Task<HeadState?> PlanAsync(List<ShardMutation> group, ShardPlan plan, HeadState head, bool isFresh)
    {
        var next = head;
        foreach (var mutation in group.Where(static mutation => !mutation.IsDone))
        {
            try
            {
                next = await mutation.PlanAsync(plan, next).ConfigureAwait(false);
            }
            catch (StaleHeadException damage)
            {
                if (isFresh && (await LoadAsync().ConfigureAwait(false)).ETag == head.ETag)
                {
                    mutation.Fail(_table.Failures.Corrupt(damage.Message));
                }

                return null;
            }
            catch (RegionStoreException failure) when (failure.Failure != RegionStoreFailure.Unavailable)
            {
                // Damage that one call meets must not fail the others.
                mutation.Fail(failure);
            }
        }

        return next;
    }

    /// <returns>The head as it was written; null when another writer was first.</returns>
    private async Task<HeadState?> CommitAsync(HeadState head, HeadState next, ShardPlan plan)
    {
        if (!head.Exists)
        {
            // Before the head: a shard that is listed and has none is passed over.
            var row = new TableEntity(StoreKeys.Shards, KeyText.Encode(_shard.Name)) { ["Shard"] = _shard.Name };
            await _table.TryAsync([new(TableTransactionActionType.UpsertReplace, row)], $"list shard {_shard}").ConfigureAwait(false);
        }

        next = next with { Version = head.Version + 1 };
        if (_swept is { } swept && swept.Generation == head.Generation && swept.Generation == next.Generation)
        {
            next = next with { Swept = LogPosition.Max(next.Swept, swept.Through) };
        }

        var write = Guid.NewGuid();
        var result = await _table.CommitAsync(plan.Actions(head, next, write), write, $"write shard {_shard}").ConfigureAwait(false);
        if (!result.Applied)
        {
            _head = HeadRow.Read(_shard, result.Anchor, _table.Failures);
            if (plan.Records is not null)
            {
                Records.Forget();
            }

            return null;
        }

        next = next with { ETag = result.AnchorETag };
        _head = next.Exists ? next : null;
        if (plan.Records is var (_, records, redo))
        {
            Records.Published(records with { ETag = result.ETagAt(1) }, redo);
        }

        return next;
    }

    /// <summary>Begins what is left to do after a transaction; its answers are given already.</summary>
    private void Continue(HeadState before, HeadState head, ShardPlan plan)
    {
        if (plan.Records is not null)
        {
            _ = Chain.Add(() => SettleAsync(head));
        }

        if (head.Shard.Trimmed > before.Shard.Trimmed || (head.Shard.Copying && before.HasRows))
        {
            _ = Chain.Add(() => SweepAsync(head, before));
        }
    }

    private static void Complete(List<ShardMutation> group)
    {
        foreach (var mutation in group)
        {
            mutation.Complete();
        }
    }

    private async Task SettleAsync(HeadState head)
    {
        await Records.SettleAsync().ConfigureAwait(false);
        await Records.SweepAsync(head.Version).ConfigureAwait(false);
    }

    private async Task SweepAsync(HeadState head, HeadState before)
    {
        await _sweeper.SweepAsync(head, head.Shard.Copying ? before.Shard.Last : head.Shard.Trimmed).ConfigureAwait(false);
        if (!head.Shard.Copying)
        {
            _swept = new(head.Generation, head.Shard.Trimmed);
        }
    }

    private async Task<HeadState> LoadAsync() => HeadRow.Read(
        _shard, await _table.FindAsync(StoreKeys.Partition(_shard), StoreKeys.Head, CancellationToken.None).ConfigureAwait(false), _table.Failures);

    private sealed record SweptLog(Guid Generation, LogPosition Through);
}
