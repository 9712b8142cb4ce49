namespace OrleansGeo.Crdts;

/// <summary>A set of strings that nothing is ever removed from.</summary>
public sealed class GrowOnlySet : ICrdt<GrowOnlySet>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>How many members can be seen here.</summary>
    public int Count => _crdt.View.Count;

    /// <summary>A copy, in ordinal order.</summary>
    public IReadOnlyList<string> Members => _crdt.View.Keys;

    /// <summary>Whether the member can be seen here. Strings are compared by their characters alone.</summary>
    public bool Contains(string member) => _crdt.View.Contains(member);

    /// <summary>Adds the member; no write if this region has done so before.</summary>
    /// <returns>Whether it was not to be seen here before.</returns>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.TooLarge"/> past the limit of keys, <see cref="GeoErrorCode.InvalidArgument"/> for half a surrogate pair. Nothing happened.</exception>
    public bool Add(string member)
    {
        _crdt.Check(member);
        var isNew = !Contains(member);

        // Another region's row alone is not enough: it may be less durable than this write is asked to be.
        if (!_crdt.View.OwnContains(member))
        {
            _crdt.View.Add(member);
        }

        return isNew;
    }

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}
