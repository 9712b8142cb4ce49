using System.ComponentModel;

namespace OrleansGeo.Abstractions.Crdts;

/// <summary>What the runtime needs of a CRDT state; grain code calls none of it. Implement <see cref="ICrdt{TSelf}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ICrdt
{
    /// <summary>From now on the state is what the binding's view shows, and writes to it.</summary>
    void Bind(CrdtBinding binding);
}
