namespace OrleansGeo.Crdts;

/// <summary>A state that merges. The kinds that there are stand beside this; others cannot be added.</summary>
public interface ICrdt
{
    /// <summary>From now on the state is what the binding's view shows, and writes to it.</summary>
    internal void Bind(CrdtBinding binding);
}
