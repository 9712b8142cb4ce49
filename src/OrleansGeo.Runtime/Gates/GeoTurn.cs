using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Gates;

/// <summary>One writing request inside the input gate: what it changed, and how many calls it made.</summary>
internal sealed class GeoTurn(RequestId request)
{
    private ImmutableArray<StateChange> _changes = [];
    private int _calls;

    public RequestId Request { get; } = request;

    public ImmutableArray<StateChange> Changes => _changes;

    /// <summary>Why changes could not be staged before an outgoing call; the whole request then fails, whatever its method makes of it.</summary>
    public StageVerdict? Failure { get; set; }

    public void Set(ImmutableArray<StateChange> changes)
    {
        if (_changes.IsEmpty)
        {
            _changes = changes;
            return;
        }

        foreach (var change in changes)
        {
            Set(change);
        }
    }

    private void Set(StateChange change)
    {
        for (var i = 0; i < _changes.Length; i++)
        {
            if (_changes[i].Name == change.Name)
            {
                _changes = _changes.SetItem(i, change);
                return;
            }
        }

        _changes = _changes.Add(change);
    }

    public bool TryFind(string name, out StateChange change)
    {
        foreach (var candidate in _changes)
        {
            if (candidate.Name == name)
            {
                change = candidate;
                return true;
            }
        }

        change = default;
        return false;
    }

    public int ChangedBytes => BytesOf(_changes);

    public static int BytesOf(ImmutableArray<StateChange> changes)
    {
        var bytes = 0;
        foreach (var change in changes)
        {
            bytes += change.Bytes?.Length ?? 0;
        }

        return bytes;
    }

    /// <summary>Whether a part of the request is an entry already, made before an outgoing call. From then on nobody may say that nothing happened.</summary>
    public bool HasStaged { get; private set; }

    /// <summary>The changes so far are staged; what follows is another entry.</summary>
    public void Staged()
    {
        _changes = [];
        HasStaged = true;
    }

    /// <summary>The request made an entry of another record: its reminders.</summary>
    public void StagedElsewhere() => HasStaged = true;

    public RequestId NextNestedRequest() => Request.Nested(_calls++);
}
