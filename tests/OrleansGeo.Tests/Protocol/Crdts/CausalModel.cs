using System.Collections.Immutable;
using System.Globalization;
using OrleansGeo.Protocol.Crdts;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>What the types promise, said by histories alone: no fields, versions, tombstones or clean-up. Quadratic and obvious.</summary>
/// <remarks>An operation has seen what its writer knew. A put or remove takes away all that it has seen under its key; an add takes away nothing.</remarks>
internal sealed class CausalModel(CrdtKind kind, string[] rows)
{
    private readonly List<ModelOp>[] _ops = [.. rows.Select(static _ => new List<ModelOp>())];

    public int CountOf(int row) => _ops[row].Count;

    /// <summary>The operations that were not written went with the writer or its store.</summary>
    public void Forget(int row, int from) => _ops[row].RemoveRange(from, _ops[row].Count - from);

    public ModelOp Do(int row, IReadOnlyList<int> known, string key, OpKind what, string value, long amount, HybridTime time)
    {
        var before = known.ToImmutableArray().SetItem(row, _ops[row].Count);
        var op = new ModelOp(row, _ops[row].Count, key, what, value, amount, time, before);
        if (kind == CrdtKind.Map)
        {
            var live = Live(before, key).ToList();
            op.Overrules.AddRange(live.Where(other => other.Row != row && other != live[^1]));
            op.EndsOverruled = Last(before, row, key) is { } own && IsOverruled(own, before);
        }

        _ops[row].Add(op);
        return op;
    }

    /// <summary>What a region shows that knows so many operations of every row.</summary>
    public string Show(IReadOnlyList<int> known)
    {
        var all = Known(known).ToList();
        if (kind == CrdtKind.Counter)
        {
            return all.Aggregate((Int128)0, static (sum, op) => sum + op.Amount).ToString(CultureInfo.InvariantCulture);
        }

        var text = all.Select(static op => op.Key).Distinct().Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Live: Live(known, key).ToList()))
            .Where(static key => key.Live.Count > 0)
            .Select(key => kind switch
            {
                CrdtKind.Set => key.Key,
                CrdtKind.Map => $"{key.Key}={key.Live[^1].Value}",
                _ => $"{key.Key}={string.Join('|', key.Live.OrderBy(static op => op.Row).Select(static op => op.Value))}",
            });
        return string.Join(' ', text);
    }

    /// <summary>How many writes were overruled, once everything is known to all.</summary>
    public long Overruled()
    {
        var known = _ops.Select(static ops => ops.Count).ToList();
        var ended = Known(known).Count(static op => op.EndsOverruled);
        return kind != CrdtKind.Map ? 0 : ended + Known(known).GroupBy(static op => (op.Row, op.Key)).Count(row => IsOverruled(row.Last(), known));
    }

    /// <summary>How many fields cannot be cleaned up: live ones.</summary>
    public int LiveFields()
    {
        var known = _ops.Select(static ops => ops.Count).ToList();
        return Known(known).Select(static op => op.Key).Distinct().Sum(key => Live(known, key).Select(static op => op.Row).Distinct().Count());
    }

    private bool IsOverruled(ModelOp put, IReadOnlyList<int> known)
    {
        var live = Live(known, put.Key).ToList();
        return put.Kind == OpKind.Put && (Known(known).Any(op => op.Overrules.Contains(put)) || (live.Contains(put) && live[^1] != put));
    }

    /// <summary>Adds and puts that nothing known takes away; the last writer's is the last.</summary>
    private IEnumerable<ModelOp> Live(IReadOnlyList<int> known, string key)
    {
        var ops = Known(known).Where(op => op.Key == key).ToList();
        return ops.Where(op => op.Kind != OpKind.Remove && !ops.Exists(other => other.Kind != OpKind.Add && other != op && other.HasSeen(op)))
            .OrderBy(static op => op.Time).ThenBy(op => rows[op.Row], StringComparer.Ordinal);
    }

    private ModelOp? Last(IReadOnlyList<int> known, int row, string key) => _ops[row].Take(known[row]).LastOrDefault(op => op.Key == key);

    private IEnumerable<ModelOp> Known(IReadOnlyList<int> known) => _ops.SelectMany((ops, row) => ops.Take(known[row]));
}
