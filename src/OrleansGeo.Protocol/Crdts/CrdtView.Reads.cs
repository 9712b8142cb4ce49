using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

internal sealed partial class CrdtView
{
    private int _live;
    private long _overruled;

    /// <summary>How many keys have a value.</summary>
    public int Count => _live;

    /// <summary>How many keys are kept, tombstones included.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>The keys that have a value, in ordinal order: a copy.</summary>
    public IReadOnlyList<string> Keys => [.. _keys.Values.Where(static key => key.Live > 0).Select(static key => key.Key).Order(StringComparer.Ordinal)];

    /// <summary>The counter's value: what all rows added, less what they took away. It cannot overflow.</summary>
    public Int128 Total
    {
        get
        {
            Int128 total = 0;
            foreach (var cell in _keys.Values.SelectMany(static key => key.Cells))
            {
                var totals = CounterTotals.Of(cell.Field);
                total += (Int128)totals.Plus - totals.Minus;
            }

            return total;
        }
    }

    /// <summary>How many last-writer-wins writes lost to a concurrent one that their writers had not seen: those that can still be seen here, and those that their rows have counted.</summary>
    public long Overruled => _overruled + _counts.Values.SelectMany(static count => count.Cells).Sum(static cell => CounterTotals.Of(cell.Field).Plus);

    public bool Contains(string key) => _keys.TryGetValue(key, out var found) && found.Live > 0;

    /// <summary>Whether the row has a value of its own under the key, hidden or not.</summary>
    public bool OwnContains(string key) => _keys.TryGetValue(key, out var found) && found.Cells[_self].Field is { IsPresent: true };

    /// <summary>The last of the values under the key; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Last(string key) =>
        _keys.TryGetValue(key, out var found) && WinnerOf(found) is var winner and >= 0 ? found.Cells[winner].Field!.Value : default(ReadOnlyMemory<byte>?);

    /// <summary>All values under the key that nothing hides, in the order of their rows' names.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values(string key) =>
        _keys.TryGetValue(key, out var found) ? [.. Enumerable.Range(0, Rows.Length).Where(row => IsLive(found, row)).Select(row => found.Cells[row].Field!.Value)] : [];

    /// <summary>The latest time that is known of a write under the key.</summary>
    public HybridTime LatestTime(string key) =>
        _keys.TryGetValue(key, out var found) ? found.Cells.Max(static cell => cell.Field?.Time ?? HybridTime.Zero) : HybridTime.Zero;

    /// <summary>Whether a write of the key stays within <see cref="MaxKeys"/>.</summary>
    public bool HasRoomFor(string key) => _keys.Count < MaxKeys || _keys.ContainsKey(key);

    /// <summary>What the view has of a row, as it was written: to compare with the row.</summary>
    internal IEnumerable<(string Name, RecordVersion Version, byte[] Bytes)> RowOf(string row)
    {
        var at = Rows.IndexOf(row);
        return _keys.Values.Concat(_counts.Values)
            .Where(key => key.Cells[at].Field is not null)
            .Select(key => (key.StateName, key.Cells[at].Version, CrdtFieldCodec.Encode(key.Cells[at].Field!)));
    }

    private bool IsLive(CrdtKey key, int row) => key.Cells[row].Field is { IsPresent: true } && !IsHidden(key, row);

    private bool IsHidden(CrdtKey key, int row)
    {
        var version = key.Cells[row].Version;
        for (var other = 0; other < key.Cells.Length; other++)
        {
            if (other != row && key.Cells[other].Field?.SeenOf(Rows[row]) is { } seen && Compare(seen.Version, version) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A live value that is not the last, or one that was that when a write hid it.</summary>
    private bool IsOverruled(CrdtKey key, int row)
    {
        if (key.Cells[row] is not { Field: { IsPresent: true, Time: not null } } cell)
        {
            return false;
        }

        for (var other = 0; other < key.Cells.Length; other++)
        {
            if (other != row && key.Cells[other].Field?.SeenOf(Rows[row]) is { IsOverruled: true } seen && seen.Version == cell.Version)
            {
                return true;
            }
        }

        return !IsHidden(key, row) && WinnerOf(key) != row;
    }

    /// <summary>The row of the live value with the highest time; at equal times, the row whose name is last. -1 when there is none.</summary>
    private int WinnerOf(CrdtKey key)
    {
        var winner = -1;
        for (var row = 0; row < key.Cells.Length; row++)
        {
            if (IsLive(key, row) && (winner < 0 || TimeOf(key, row).CompareTo(TimeOf(key, winner)) >= 0))
            {
                winner = row;
            }
        }

        return winner;
    }

    private static HybridTime TimeOf(CrdtKey key, int row) => key.Cells[row].Field?.Time ?? HybridTime.Zero;
}
