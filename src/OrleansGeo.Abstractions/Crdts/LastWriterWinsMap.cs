namespace OrleansGeo.Crdts;

/// <summary>A map of strings to strings. A write replaces what its region had seen; of writes that had not seen one another the later one by a hybrid logical clock wins.</summary>
/// <remarks>A remove takes away what its region had seen; a concurrent write survives it. Clocks that are wrong decide between concurrent writes wrongly, and nothing else.</remarks>
public sealed class LastWriterWinsMap : ICrdt<LastWriterWinsMap>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>How many fields can be seen here.</summary>
    public int Count => _crdt.View.Count;

    /// <summary>The names of the fields: a copy, in ordinal order.</summary>
    public IReadOnlyList<string> Fields => _crdt.View.Keys;

    /// <summary>How many writes lost to a concurrent one that their writers had not seen: each counts once. What a region overwrote itself before it knew of a conflict does not.</summary>
    public long Overruled => _crdt.View.Overruled;

    /// <summary>The field's value; null when there is none.</summary>
    public string? this[string field] => _crdt.View.Last(field) is { } bytes ? CrdtBinding.TextOf(bytes) : null;

    /// <summary>Whether the field can be seen here. Names are compared by their characters alone.</summary>
    public bool Contains(string field) => _crdt.View.Contains(field);

    /// <exception cref="GeoException"><see cref="GeoErrorCode.TooLarge"/> past the limit of keys, <see cref="GeoErrorCode.InvalidArgument"/> for half a surrogate pair. Nothing happened.</exception>
    public void Set(string field, string value)
    {
        _crdt.Check(field);
        var bytes = CrdtBinding.BytesOf(value);
        _crdt.View.Put(field, bytes, _crdt.NextTime(field));
    }

    /// <returns>False when it is not to be seen here: that is no write, and takes nothing away that arrives later.</returns>
    public bool Remove(string field) => _crdt.View.Remove(field);

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}
