using System.Collections.Immutable;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What each call does to a shard. The head is the one commit point: its row makes rows of the log, of the ledger and of the records count or not.</summary>
internal sealed class ShardSteps(StoreTable table, ShardId shard, LedgerRows ledger, LogReader log, RecordsKeeper records)
{
    private static readonly IReadOnlyDictionary<LogPosition, LogRow> None = new Dictionary<LogPosition, LogRow>();

    public ShardStep<AppendResult> Append(AppendCommand command) => async (plan, head) =>
    {
        var stored = await OverlapAsync(plan, head, command).ConfigureAwait(false);
        var result = ShardHeadRules.Append(head.Shard, command, first => plan.Find(first) ?? stored.GetValueOrDefault(first), out var firstMissing);
        plan.IsToBeConfirmed |= result.Verdict == AppendVerdict.Diverged;
        var missing = command.Rows[firstMissing..];
        var next = head with { Shard = result.Head };
        if (!missing.IsEmpty && plan.TryAppend(missing, head.Generation))
        {
            next = next with { Segments = head.Segments.Append(head.Generation, missing[0].First) };
        }
        else if (!missing.IsEmpty)
        {
            // More than a transaction takes: the rows are written ahead under a generation of their own, which the head then makes a part of the log.
            var generation = Guid.NewGuid();
            await Batches.WriteAsync(
                table,
                missing.SelectMany(row => LogRows.Write(shard, row, generation, TableTransactionActionType.UpsertReplace)),
                $"append to shard {shard}").ConfigureAwait(false);
            next = next with { Generation = generation, Segments = head.Segments.Append(generation, missing[0].First) };
        }

        return (next, result);
    };

    public static ShardStep<ShardHead> Promise(FencingToken token) => (_, head) =>
    {
        ShardHeadRules.Promise(head.Shard, token, out var next);
        return Task.FromResult((head with { Shard = next }, next));
    };

    public ShardStep<ShardHead> Cut(FencingToken token, LogPosition keepThrough, long foreignEpoch)
    {
        // One number for one call, however often it is planned.
        long? number = null;
        return async (plan, head) =>
        {
            if (!ShardHeadRules.Cut(head.Shard, token, keepThrough, foreignEpoch, out var next))
            {
                return (head, head.Shard);
            }

            var from = LogPosition.Max(keepThrough, head.Shard.Trimmed);
            if (from < head.Shard.Last)
            {
                var (first, last) = await FindAsync(head, from.Next).ConfigureAwait(false);
                if (first <= keepThrough)
                {
                    throw ShardHeadRules.MiddleOfRow(keepThrough, first, last);
                }

                number ??= await ledger.AnnounceCutAsync(shard).ConfigureAwait(false);
                plan.TryAdd([new CutRecord(number.Value, from, head.Shard.Last, head.Segments).Insert(shard)]);
            }

            return (head with { Shard = next, Generation = Guid.NewGuid(), Segments = head.Segments.Cut(keepThrough) }, next);
        };
    }

    public ShardStep<ShardHead> Checkpoint(FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes) => async (plan, head) =>
    {
        if (!ShardHeadRules.Checkpoint(head.Shard, token, through, out var next))
        {
            return (head, head.Shard);
        }

        await records.PublishAsync(plan, head, changes).ConfigureAwait(false);
        return (head with { Shard = next }, next);
    };

    public ShardStep<ShardHead> Trim(FencingToken token, LogPosition through) => async (plan, head) =>
    {
        if (!ShardHeadRules.Trim(head.Shard, token, through, out var next))
        {
            return (head, head.Shard);
        }

        var end = LogPosition.Min(through, head.Shard.Last);
        if (end > head.Shard.Trimmed)
        {
            // A row that holds entries after the position stays, and with it everything from its start.
            var (first, last) = await FindAsync(head, end).ConfigureAwait(false);
            next = next with { Trimmed = last <= through ? last : LogPosition.Max(first.Previous, head.Shard.Trimmed) };
        }

        await records.ClearAsync(plan, next.Trimmed).ConfigureAwait(false);
        return (head with { Shard = next, Segments = head.Segments.Trim(next.Trimmed) }, next);
    };

    public ShardStep<ShardHead> Copy(FencingToken token, CopyCommand command)
    {
        long? number = null;
        return async (plan, head) =>
        {
            if (!ShardHeadRules.Copy(head.Shard, token, command, out var next, out var foreignAfter))
            {
                return (head, head.Shard);
            }

            var changed = head with { Shard = next };
            switch (command)
            {
                case CopyCommand.Begin:
                    var from = LogPosition.Max(foreignAfter, head.Shard.Trimmed);
                    if (head.HasRows && from < head.Shard.Last)
                    {
                        number ??= await ledger.AnnounceCutAsync(shard).ConfigureAwait(false);
                        plan.TryAdd([new CutRecord(number.Value, from, head.Shard.Last, head.Segments).Insert(shard)]);
                    }

                    await records.DiscardAsync(plan).ConfigureAwait(false);
                    changed = changed with { Generation = Guid.NewGuid(), Segments = LogSegments.Empty };
                    break;
                case CopyCommand.Add add:
                    await records.PublishAsync(plan, head, add.Records).ConfigureAwait(false);
                    break;
                default:
                    changed = changed with
                    {
                        Generation = Guid.NewGuid(),
                        Segments = LogSegments.Empty,
                        Swept = LogPosition.Min(head.Swept, next.Trimmed),
                    };
                    break;
            }

            return (changed, next);
        };
    }

    /// <summary>The row that holds a position of the log.</summary>
    private async Task<(LogPosition First, LogPosition Last)> FindAsync(HeadState head, LogPosition position) =>
        await log.FindAsync(head.Segments, position, head.Shard.Last, CancellationToken.None).ConfigureAwait(false) is { } row && row.First <= position
            ? row
            : throw new StaleHeadException($"the log row at position {position} of shard {shard} is missing");

    /// <summary>The stored rows that an append would skip, to be compared; those of the same transaction are in its plan.</summary>
    private async Task<IReadOnlyDictionary<LogPosition, LogRow>> OverlapAsync(ShardPlan plan, HeadState head, AppendCommand command)
    {
        var verdict = AppendFence.Check(head.Shard, command.Token, command.Previous, command.PreviousEpoch, command.Rows, out var skipped);
        var compared = command.Rows[..skipped].Where(row => row.Last > head.Shard.Trimmed && plan.Find(row.First) is null).ToList();
        if (verdict != AppendVerdict.Stored || compared.Count == 0)
        {
            return None;
        }

        try
        {
            var rows = await log.ReadAsync(
                head.Segments, LogPosition.Max(compared[0].First, head.Shard.Trimmed.Next), compared[^1].Last, long.MaxValue, CancellationToken.None).ConfigureAwait(false);
            return rows.ToDictionary(static row => row.First);
        }
        catch (RegionStoreException damage) when (damage.Failure == RegionStoreFailure.Corrupt)
        {
            // Or another process trimmed it while it was read.
            throw new StaleHeadException(damage.Message);
        }
    }
}
