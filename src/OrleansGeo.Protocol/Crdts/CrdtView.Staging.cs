using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

internal sealed partial class CrdtView
{
    private readonly Dictionary<string, CrdtKey> _pending = [];
    private ImmutableArray<CrdtKey> _inFlight = [];

    /// <summary>Whether changes were taken that have no version yet.</summary>
    public bool IsInFlight => !_inFlight.IsEmpty;

    /// <summary>Whether there are own writes that <see cref="TakeChanges"/> would return.</summary>
    public bool HasChanges => _pending.Count > 0;

    /// <summary>The own writes since the last call, one change of each key, for one entry of the own row's log; with up to <see cref="MaxCleanUps"/> clean-ups if there are writes at all.</summary>
    /// <remarks>The changes are in flight then, with those that were taken before: <see cref="Staged"/> gives them their version, or the view is thrown away and made anew.</remarks>
    /// <param name="everywhere">
    /// Of a row: the version of its log that every region has applied, so that none will show an older state of the row again; null when unknown.
    /// A region's report counts once this view has that region's own row as far as it went when the region reported: what it wrote before is known here.
    /// Without, nothing is cleaned up.
    /// </param>
    public ImmutableArray<StateChange> TakeChanges(Func<string, RecordVersion?>? everywhere = null)
    {
        if (_pending.Count == 0)
        {
            return [];
        }

        if (everywhere is not null)
        {
            CleanUp(everywhere);
        }

        var taken = _pending.Values.OrderBy(static key => key.StateName, StringComparer.Ordinal).ToList();
        _pending.Clear();
        _inFlight = [.. _inFlight.Union(taken)];
        var changes = ImmutableArray.CreateBuilder<StateChange>(taken.Count);
        foreach (var key in taken)
        {
            key.IsPending = false;
            changes.Add(new(key.StateName, key.Cells[_self].Field is { } field ? CrdtFieldCodec.Encode(field) : default(ReadOnlyMemory<byte>?)));
        }

        return changes.MoveToImmutable();
    }

    /// <summary>The changes in flight are entry <paramref name="version"/> of the own row's log.</summary>
    public void Staged(RecordVersion version)
    {
        if (_inFlight.IsEmpty || version.Epoch != _incarnation || (_through[_self] is { } last && version.CompareIncarnationFirst(last) <= 0))
        {
            throw new InvalidOperationException($"{version} is not the next version of row '{Self}' (incarnation {_incarnation}, through {_through[_self]}), or nothing was in flight.");
        }

        foreach (var key in _inFlight)
        {
            if (key.IsPending)
            {
                key.Before = key.Before with { Version = version };
            }
            else
            {
                Set(key, _self, key.Cells[_self] with { Version = version });
                Settle(key);
            }
        }

        _inFlight = [];
        _through[_self] = version;
    }

    /// <summary>In a view that was made anew: changes that an earlier one gave away, and that are not staged yet, are in flight again.</summary>
    /// <param name="changes">They may be of other states, too, which are ignored.</param>
    public void Redo(ImmutableArray<StateChange> changes)
    {
        foreach (var change in changes)
        {
            if (CrdtStateNames.TryParse(_state, change.Name, out var isCount, out var rest))
            {
                var key = KeyOf(isCount, rest);
                Set(key, _self, new(CrdtCell.Unstaged, change.Bytes is { } bytes ? CrdtFieldCodec.Decode(bytes) : null));
                _inFlight = [.. _inFlight.Union([key])];
            }
        }
    }

    /// <summary>Drops the own writes since the last <see cref="TakeChanges"/>.</summary>
    public void Discard()
    {
        foreach (var key in _pending.Values)
        {
            key.IsPending = false;
            Set(key, _self, key.Before);
            Settle(key);
        }

        _pending.Clear();
    }

    private void Write(CrdtKey key, CrdtField? field)
    {
        if (!key.IsPending)
        {
            key.Before = key.Cells[_self];
            key.IsPending = true;
            _pending.Add(key.StateName, key);
        }

        Set(key, _self, new(CrdtCell.Unstaged, field));
        if (field is null && key.Before.Field is null)
        {
            // Written and taken back before anybody could know of it.
            _pending.Remove(key.StateName);
            key.IsPending = false;
            Set(key, _self, key.Before);
            Settle(key);
        }
    }
}
