namespace OrleansGeo.Runtime.Logs;

/// <summary>An entry of an epoch table as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.epochstart")]
internal readonly record struct EpochStartWire([property: Id(0)] long Epoch, [property: Id(1)] long Start);
