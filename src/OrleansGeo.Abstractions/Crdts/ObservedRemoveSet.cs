namespace OrleansGeo.Crdts;

/// <summary>A set of strings. A remove takes away the adds that its region had seen; an add that it had not seen wins (Shapiro et al., 2011).</summary>
public sealed class ObservedRemoveSet : ICrdt<ObservedRemoveSet>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>How many members can be seen here.</summary>
    public int Count => _crdt.View.Count;

    /// <summary>A copy, in ordinal order.</summary>
    public IReadOnlyList<string> Members => _crdt.View.Keys;

    /// <summary>Whether the member can be seen here. Strings are compared by their characters alone.</summary>
    public bool Contains(string member) => _crdt.View.Contains(member);

    /// <summary>Adds the member. It is a write also if the member is there: it then stays in spite of a concurrent remove.</summary>
    /// <returns>Whether it was not to be seen here before.</returns>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.TooLarge"/> past the limit of keys, <see cref="GeoErrorCode.InvalidArgument"/> for half a surrogate pair. Nothing happened.</exception>
    public bool Add(string member)
    {
        _crdt.Check(member);
        var isNew = !Contains(member);
        _crdt.View.Add(member);
        return isNew;
    }

    /// <returns>False when it is not to be seen here: that is no write, and takes nothing away that arrives later.</returns>
    public bool Remove(string member) => _crdt.View.Remove(member);

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}
