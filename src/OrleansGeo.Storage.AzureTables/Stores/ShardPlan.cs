using System.Collections.Immutable;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The transaction that changes one shard: what it writes beside the head, and whether there is room for more.</summary>
internal sealed class ShardPlan(ShardId shard)
{
    private readonly List<TableTransactionAction> _actions = [];
    private readonly Dictionary<LogPosition, LogRow> _rows = [];
    private TransactionCost _cost = HeadCost + HeadCost;

    /// <summary>What is kept free for the head, or for the row of the records.</summary>
    public static TransactionCost HeadCost { get; } = new(1, 160 * 1024);

    /// <summary>The row of the records as it was and as it will be; null when it stays.</summary>
    public (RecordsState State, RecordsState Next, Redo? Redo)? Records { get; private set; }

    /// <summary>The answer rests on rows that were read after the head: it counts if the head is still the same.</summary>
    public bool IsToBeConfirmed { get; set; }

    public bool IsEmpty => _actions.Count == 0 && Records is null;

    /// <summary>The row that begins at a position and is appended by this transaction.</summary>
    public LogRow? Find(LogPosition first) => _rows.GetValueOrDefault(first);

    public bool TryAdd(IReadOnlyList<TableTransactionAction> actions)
    {
        var cost = _cost + TransactionCost.Of(actions);
        if (!cost.Fits)
        {
            return false;
        }

        _actions.AddRange(actions);
        _cost = cost;
        return true;
    }

    public bool TryAppend(ImmutableArray<LogRow> rows, Guid generation)
    {
        // A large append is not copied to find out that it does not fit.
        if (rows.Sum(static row => (long)row.Bytes.Length) > TableLimits.BodyBytes
            || !TryAdd([.. rows.SelectMany(row => LogRows.Write(shard, row, generation, TableTransactionActionType.Add))]))
        {
            return false;
        }

        foreach (var row in rows)
        {
            _rows[row.First] = row;
        }

        return true;
    }

    public void Change(RecordsState state, RecordsState next, Redo? redo) => Records = (state, next, redo);

    /// <summary>All of it; the head comes first and the records second.</summary>
    public IReadOnlyList<TableTransactionAction> Actions(HeadState head, HeadState next, Guid write)
    {
        var actions = new List<TableTransactionAction> { HeadRow.Write(shard, head, next, write) };
        if (Records is var (state, changed, _))
        {
            actions.Add(RecordsRow.Write(shard, state, changed, write));
        }

        actions.AddRange(_actions);
        return actions;
    }
}
