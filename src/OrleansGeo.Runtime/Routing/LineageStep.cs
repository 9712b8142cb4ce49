namespace OrleansGeo.Runtime.Routing;

/// <summary>A turn that waits for a call.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.lineage.step")]
internal readonly record struct LineageStep([property: Id(0)] TurnId Turn, [property: Id(1)] string Entity);
