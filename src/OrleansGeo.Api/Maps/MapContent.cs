namespace OrleansGeo.Api.Maps;

/// <summary>What a map holds.</summary>
/// <param name="Fields">In ordinal order.</param>
/// <param name="Values">Their values: JSON.</param>
/// <param name="Overruled">How many writes lost to a concurrent one.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.mapcontent")]
internal sealed record MapContent([property: Id(0)] string[] Fields, [property: Id(1)] string[] Values, [property: Id(2)] long Overruled);
