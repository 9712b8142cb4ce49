using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

/// <content>
/// An own field may be deleted when no region can tell the difference, whatever part of the rows it has:
/// <list type="bullet">
/// <item>every region has the field itself, so that none shows an older one of this row;</item>
/// <item>everything that it hides is gone, and every region knows that it is;</item>
/// <item>if it is a value, another field hides it, and every region has that field (its row hides on until this one is gone everywhere).</item>
/// </list>
/// What hides nothing and is hidden can always go at last, so all that stays is live.
/// </content>
internal sealed partial class CrdtView
{
    /// <summary>How many clean-ups one write carries at most.</summary>
    public const int MaxCleanUps = 16;

    // While a region is away everything waits; a write does not ask them all.
    private const int MaxAsked = 64;

    private readonly Queue<CrdtKey> _toClean = new();

    private void Consider(CrdtKey key)
    {
        if (!key.IsQueued && IsToClean(key))
        {
            key.IsQueued = true;
            _toClean.Enqueue(key);
        }
    }

    private bool IsToClean(CrdtKey key) =>
        key.Cells[_self] is { Field: { } field } cell && cell.Version != CrdtCell.Unstaged && (!field.IsPresent || IsHidden(key, _self));

    private void CleanUp(Func<string, RecordVersion?> everywhere)
    {
        foreach (var key in _pending.Values)
        {
            if (key.Cells[_self].Field is { Seen.IsEmpty: false } field)
            {
                Set(key, _self, new(CrdtCell.Unstaged, field.With(field.Seen.RemoveAll(seen => IsGone(key, seen, everywhere)))));
            }
        }

        var cleaned = 0;
        for (var ask = Math.Min(_toClean.Count, MaxAsked); ask > 0 && cleaned < MaxCleanUps; ask--)
        {
            var key = _toClean.Dequeue();
            key.IsQueued = false;
            if (IsToClean(key) && MayGo(key, everywhere))
            {
                CountIfOverruled(key);
                Write(key, null);
                cleaned++;
            }
            else
            {
                Consider(key);
            }
        }
    }

    private bool MayGo(CrdtKey key, Func<string, RecordVersion?> everywhere)
    {
        var cell = key.Cells[_self];
        return (!_rules.WaitForOwn || IsEverywhere(_self, cell.Version, everywhere))
            && (!_rules.WaitForHidden || cell.Field!.Seen.All(seen => IsGone(key, seen, everywhere)))
            && (!_rules.WaitForHiding || !cell.Field!.IsPresent || IsHiddenEverywhere(key, everywhere));
    }

    private bool IsHiddenEverywhere(CrdtKey key, Func<string, RecordVersion?> everywhere)
    {
        for (var row = 0; row < Rows.Length; row++)
        {
            var cell = key.Cells[row];
            if (row != _self && cell.Field?.SeenOf(Self) is { } seen && Compare(seen.Version, key.Cells[_self].Version) >= 0 && IsEverywhere(row, cell.Version, everywhere))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>No region has the field that was seen, nor an older one of its row, nor ever will.</summary>
    private bool IsGone(CrdtKey key, SeenField seen, Func<string, RecordVersion?> everywhere)
    {
        var row = Rows.IndexOf(seen.Row);
        if (row < 0 || (key.Cells[row].Field is not null && Compare(key.Cells[row].Version, seen.Version) <= 0))
        {
            return false;
        }

        // What replaced or deleted the field; when that is not known it was before the row was loaded here.
        var replaced = key.Cells[row].Version != RecordVersion.None ? key.Cells[row].Version : _loaded[row];
        return replaced is { } version && Compare(version, seen.Version) >= 0 && IsEverywhere(row, version, everywhere);
    }

    private bool IsEverywhere(int row, RecordVersion version, Func<string, RecordVersion?> everywhere) =>
        !_rules.WaitForEverywhere || (everywhere(Rows[row]) is { } held && Compare(version, held) <= 0);
}
