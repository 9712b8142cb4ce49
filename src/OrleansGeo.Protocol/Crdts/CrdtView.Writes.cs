using System.Collections.Immutable;
using System.Globalization;

namespace OrleansGeo.Protocol.Crdts;

internal sealed partial class CrdtView
{
    /// <summary>Adds to the own totals. False when one would pass <see cref="long.MaxValue"/>: nothing happened.</summary>
    /// <remarks>A new incarnation starts totals of its own, so that it takes nothing back of what others hold of an earlier one and it does not.</remarks>
    public bool TryCount(long plus, long minus)
    {
        var key = KeyOf(isCount: false, _incarnation.ToString(CultureInfo.InvariantCulture));
        if (CounterTotals.Of(key.Cells[_self].Field).Add(plus, minus) is not { } totals)
        {
            return false;
        }

        Write(key, new() { IsPresent = true, Value = totals.Encode() });
        return true;
    }

    /// <summary>What this row has added and taken away in this incarnation.</summary>
    public CounterTotals OwnTotals =>
        _keys.TryGetValue(_incarnation.ToString(CultureInfo.InvariantCulture), out var key) ? CounterTotals.Of(key.Cells[_self].Field) : default;

    /// <summary>Makes the key present; hides nothing that is not hidden. Also when it is there already: the new version is one that no concurrent remove has seen.</summary>
    public void Add(string key)
    {
        var fields = KeyOf(isCount: false, key);
        if (_rules.AddIsAlwaysWritten || !IsLive(fields, _self))
        {
            Write(fields, new() { IsPresent = true, Seen = SeenBy(fields, hidesAll: false) });
        }
    }

    /// <summary>Writes a value that hides all that can be seen under the key. With a time, concurrent values are ordered by it; the last wins and the others count as overruled.</summary>
    public void Put(string key, ReadOnlyMemory<byte> value, HybridTime? time = null)
    {
        var fields = KeyOf(isCount: false, key);
        var seen = SeenBy(fields, hidesAll: true);
        CountIfOverruled(fields);
        Write(fields, new() { IsPresent = true, Seen = seen, Time = time, Value = value });
    }

    /// <summary>Removes what can be seen under the key. False when there is nothing: no write.</summary>
    /// <remarks>
    /// It leaves a tombstone even if no other row has a field: what another region writes after it has seen the remove names the tombstone, and so
    /// no region that is behind in this row shows the removed value beside that. The clean-up deletes it.
    /// </remarks>
    public bool Remove(string key)
    {
        if (!_keys.TryGetValue(key, out var fields) || fields.Live == 0)
        {
            return false;
        }

        var seen = SeenBy(fields, hidesAll: true);
        CountIfOverruled(fields);
        var isPublished = (fields.IsPending ? fields.Before : fields.Cells[_self]).Field is not null;
        var leavesNothing = seen.IsEmpty && (Rows.Length == 1 || !isPublished || !_rules.RemoveLeavesTombstone);
        Write(fields, leavesNothing ? null : new() { Seen = seen });
        return true;
    }

    /// <summary>What a write hides: what the own field hid, and every other row's field if it is one that hides all.</summary>
    private ImmutableArray<SeenField> SeenBy(CrdtKey key, bool hidesAll)
    {
        // Rows that this view does not have are carried as well; they are never known to be gone.
        var carried = _rules.CarrySeen ? key.Cells[_self].Field?.Seen ?? [] : [];
        var all = new SortedDictionary<string, SeenField>(StringComparer.Ordinal);
        foreach (var seen in carried)
        {
            all.Add(seen.Row, seen);
        }

        for (var row = 0; hidesAll && row < Rows.Length; row++)
        {
            var cell = key.Cells[row];
            if (row != _self && cell.Field is not null && !(all.TryGetValue(Rows[row], out var seen) && Compare(seen.Version, cell.Version) >= 0))
            {
                all[Rows[row]] = new(Rows[row], cell.Version, _rules.FlagOverruled && !IsHidden(key, row) && IsOverruled(key, row));
            }
        }

        return [.. all.Values];
    }

    /// <summary>The owner of an overruled field counts it when it replaces or deletes it: nobody else can, and nobody can twice.</summary>
    private void CountIfOverruled(CrdtKey key)
    {
        if (_rules.CountOverruled && IsOverruled(key, _self))
        {
            var count = KeyOf(isCount: true, _incarnation.ToString(CultureInfo.InvariantCulture));
            var totals = CounterTotals.Of(count.Cells[_self].Field).Add(1, 0)!.Value;
            Write(count, new() { IsPresent = true, Value = totals.Encode() });
        }
    }
}
