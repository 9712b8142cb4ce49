namespace OrleansGeo.Runtime.Routing;

/// <summary>The answer of a method that answers nothing.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.noresult")]
internal readonly struct NoResult;
