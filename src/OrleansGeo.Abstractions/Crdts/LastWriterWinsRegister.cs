namespace OrleansGeo.Crdts;

/// <summary>One string. A write replaces what its region had seen; of writes that had not seen one another the later one by a hybrid logical clock wins.</summary>
/// <remarks>Clocks that are wrong decide between concurrent writes wrongly, and nothing else.</remarks>
public sealed class LastWriterWinsRegister : ICrdt<LastWriterWinsRegister>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>Null until the first write.</summary>
    public string? Value => _crdt.View.Last("") is { } bytes ? CrdtBinding.TextOf(bytes) : null;

    /// <summary>How many writes lost to a concurrent one that their writers had not seen: each counts once. What a region overwrote itself before it knew of a conflict does not.</summary>
    public long Overruled => _crdt.View.Overruled;

    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/> for half a surrogate pair. Nothing happened.</exception>
    public void Set(string value)
    {
        var bytes = CrdtBinding.BytesOf(value);
        _crdt.View.Put("", bytes, _crdt.NextTime(""));
    }

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}
