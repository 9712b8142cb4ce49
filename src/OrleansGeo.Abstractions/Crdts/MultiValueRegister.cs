namespace OrleansGeo.Crdts;

/// <summary>One string, or several while regions have written without having seen one another: nothing is overruled, the reader decides.</summary>
public sealed class MultiValueRegister : ICrdt<MultiValueRegister>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>The values that no write has seen and replaced, in the order of their regions' names; none until the first write. More than one: a conflict, which the next write resolves.</summary>
    public IReadOnlyList<string> Values => [.. _crdt.View.Values("").Select(CrdtBinding.TextOf)];

    /// <summary>Replaces all values that can be seen here.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/> for half a surrogate pair. Nothing happened.</exception>
    public void Set(string value) => _crdt.View.Put("", CrdtBinding.BytesOf(value));

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}
