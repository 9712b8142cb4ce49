namespace OrleansGeo.Runtime.Topology;

/// <summary>Moved entities whose activation belongs to another silo of this region than that of the shard of their key. Unlike what callers have heard, only what the region already shows.</summary>
internal sealed class EntityPlaces
{
    public PinDirectory Moved { get; } = new();
}
