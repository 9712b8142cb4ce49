using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The ledger: which cuts there may be, marks, suspicions. Numbers come from one row, so they rise whoever draws them.</summary>
/// <remarks>
/// A cut is announced here before it is made, under a number of its own. It is made by the head of its shard, together with its <see cref="CutRecord"/>: an announced
/// cut without a record was not made (or not yet), and shows nothing.
/// </remarks>
internal sealed class LedgerRows(StoreTable table)
{
    private const string CutPrefix = "cut-";
    private const int Attempts = 32;
    private const int ParallelReads = 16;

    // Marks of one entry must not overtake each other, and one number after the other is drawn without conflict.
    private readonly SemaphoreSlim _turn = new(1);

    // What a cut removed never changes: the ids of its rows, by its number, of those that were read here.
    private readonly ConcurrentDictionary<long, ImmutableArray<long>> _made = new();

    /// <summary>Draws the number of a cut that is about to be made.</summary>
    public Task<long> AnnounceCutAsync(ShardId shard) => DrawAsync(
        number => new TableEntity(StoreKeys.Ledger, StoreKeys.Cut(number)) { ["Shard"] = shard.Name, ["Number"] = number }, "announce a cut");

    public async Task<ImmutableArray<CutRow>> ReadCutsAsync(IReadOnlySet<long> known, CancellationToken cancellationToken)
    {
        var announced = new List<(ShardId Shard, long Number)>();
        await foreach (var row in ListAsync(CutPrefix, cancellationToken).ConfigureAwait(false))
        {
            var shard = new ShardId(row.GetString("Shard") ?? "");
            var number = row.GetInt64("Number") ?? throw table.Failures.Corrupt($"an announced cut of shard {shard} has no number");
            if (!_made.TryGetValue(number, out var ids) || !ids.All(known.Contains))
            {
                announced.Add((shard, number));
            }
        }

        // A failover cuts every shard that the region was home of: one after the other they would take as long as all round trips together.
        var cuts = new ImmutableArray<CutRow>[announced.Count];
        await Parallel.ForAsync(
            0,
            announced.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (i, token) => cuts[i] = await ReadCutAsync(announced[i].Shard, announced[i].Number, token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. cuts.SelectMany(static rows => rows).Where(row => !known.Contains(row.Id))];
    }

    private async Task<ImmutableArray<CutRow>> ReadCutAsync(ShardId shard, long number, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(StoreKeys.Partition(shard), StoreKeys.Cut(number), cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return [];
        }

        var cut = CutRecord.Read(shard, row, table.Failures);
        var cuts = ImmutableArray.CreateBuilder<CutRow>();
        var rows = await new LogReader(table, shard)
            .ReadAsync(cut.Segments, cut.After.Next, cut.Through, long.MaxValue, cancellationToken).ConfigureAwait(false);
        var last = cut.After;
        for (var i = 0; i < rows.Length; i++)
        {
            // A copy may begin in the middle of a row: that one is the home's too.
            if (rows[i].First > cut.After)
            {
                cuts.Add(new((cut.Number << CutRecord.RowBits) + i, shard, rows[i]));
            }

            if (i > 0 && rows[i].First != last.Next)
            {
                break;
            }

            last = rows[i].Last;
        }

        if (last != cut.Through)
        {
            throw table.Failures.Corrupt($"the row after position {last} of cut {cut.Number} of shard {shard} is missing");
        }

        var made = cuts.DrainToImmutable();
        _made[number] = [.. made.Select(static row => row.Id)];
        return made;
    }

    public async Task MarkAsync(LedgerMark mark)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // Under its ETag even where it is written over: a mark that is late must not come back over a later one.
            var key = StoreKeys.Mark(mark.Cut, mark.Position);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var found = await table.FindAsync(StoreKeys.Ledger, key, CancellationToken.None).ConfigureAwait(false);
                var write = Guid.NewGuid();
                var row = new TableEntity(StoreKeys.Ledger, key)
                {
                    ["Cut"] = mark.Cut,
                    ["Position"] = mark.Position.Value,
                    ["State"] = (int)mark.State,
                    ["Sum"] = ChecksumOf(mark),
                    [StoreTable.Write] = write,
                };
                if ((await table.CommitAsync([Put(row, found)], write, "mark a lost entry").ConfigureAwait(false)).Applied)
                {
                    return;
                }
            }

            throw TooManyWriters();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken)
    {
        var marks = ImmutableArray.CreateBuilder<LedgerMark>();
        await foreach (var row in ListAsync("m-", cancellationToken).ConfigureAwait(false))
        {
            var mark = new LedgerMark(row.GetInt64("Cut") ?? -1, new(row.GetInt64("Position") ?? -1), (LostWriteState)(row.GetInt32("State") ?? -1));
            marks.Add(row.GetInt64("Sum") == ChecksumOf(mark)
                ? mark
                : throw table.Failures.Corrupt($"the ledger's mark of position {mark.Position} in cut row {mark.Cut} fails its checksum"));
        }

        return marks.DrainToImmutable();
    }

    public Task SuspectAsync(Suspicion suspicion)
    {
        var key = StoreKeys.Suspicion(suspicion.Shard, suspicion.Region.Name, suspicion.Epoch);
        return DrawAsync(
            number => new TableEntity(StoreKeys.Ledger, key)
            {
                ["Shard"] = suspicion.Shard.Name,
                ["Region"] = suspicion.Region.Name,
                ["Epoch"] = suspicion.Epoch,
                ["From"] = suspicion.From.Value,
                ["Number"] = number,
                ["Sum"] = ChecksumOf(suspicion),
            },
            "note a suspicion",
            unless: key);
    }

    public async Task ClearSuspicionAsync(Suspicion suspicion)
    {
        var row = new TableEntity(StoreKeys.Ledger, StoreKeys.Suspicion(suspicion.Shard, suspicion.Region.Name, suspicion.Epoch));

        // Not being there is what was wanted.
        await table.TryAsync([new(TableTransactionActionType.Delete, row, Azure.ETag.All)], "take a suspicion back").ConfigureAwait(false);
    }

    public async Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken)
    {
        var suspicions = new List<(long Number, Suspicion Suspicion)>();
        await foreach (var row in ListAsync("s-", cancellationToken).ConfigureAwait(false))
        {
            var (shard, region) = (row.GetString("Shard") ?? "", row.GetString("Region") ?? "");
            var suspicion = new Suspicion(
                new(shard), RegionId.IsValid(region) ? new(region) : default, row.GetInt64("Epoch") ?? -1, new(row.GetInt64("From") ?? -1));
            if (ChecksumOf(suspicion) != row.GetInt64("Sum"))
            {
                throw table.Failures.Corrupt($"a suspicion of shard {shard} fails its checksum");
            }

            suspicions.Add((row.GetInt64("Number") ?? 0, suspicion));
        }

        return [.. suspicions.OrderBy(static noted => noted.Number).Select(static noted => noted.Suspicion)];
    }

    /// <summary>Draws the next number and adds a row that carries it, in one transaction.</summary>
    private async Task<long> DrawAsync(Func<long, TableEntity> rowOf, string doing, string? unless = null)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (unless is not null && await table.FindAsync(StoreKeys.Ledger, unless, CancellationToken.None).ConfigureAwait(false) is not null)
                {
                    return 0;
                }

                var found = await table.FindAsync(StoreKeys.Ledger, StoreKeys.Next, CancellationToken.None).ConfigureAwait(false);
                var number = (found?.GetInt64("Number") ?? 0) + 1;
                var write = Guid.NewGuid();
                var next = new TableEntity(StoreKeys.Ledger, StoreKeys.Next) { ["Number"] = number, [StoreTable.Write] = write };
                TableTransactionAction[] actions = [Put(next, found), new(TableTransactionActionType.Add, rowOf(number))];
                if ((await table.CommitAsync(actions, write, doing).ConfigureAwait(false)).Applied)
                {
                    return number;
                }
            }

            throw TooManyWriters();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static TableTransactionAction Put(TableEntity row, TableEntity? found) => found is null
        ? new(TableTransactionActionType.Add, row)
        : new(TableTransactionActionType.UpdateReplace, row, found.ETag);

    private IAsyncEnumerable<TableEntity> ListAsync(string prefix, CancellationToken cancellationToken) =>
        table.QueryAsync(StoreKeys.Ledger, prefix, StoreKeys.After(prefix), pageRows: 1000, select: null, cancellationToken);

    private RegionStoreException TooManyWriters() => table.Failures.Unavailable($"cannot write to the ledger: other writers were first {Attempts} times");

    private static long ChecksumOf(LedgerMark mark) => Checksum.Of([], mark.Cut, mark.Position.Value, (long)mark.State);

    private static long ChecksumOf(Suspicion suspicion) => Checksum.Of(
        [], Checksum.Of(suspicion.Shard.Name), Checksum.Of(suspicion.Region.Name), suspicion.Epoch, suspicion.From.Value);
}
