namespace OrleansGeo.Runtime.Errors;

/// <summary>An entity was activated on a silo that may not serve its type yet. Nothing of the request happened.</summary>
[GenerateSerializer, Alias("orleansgeo.typenotserved")]
internal sealed class TypeNotServedException(GrainType type)
    : OrleansException($"Grain type '{type}' is not served in this silo yet: this region's store does not know its choices, and no majority of regions has answered since the silo started. Nothing happened; try again once the regions reach each other.");
