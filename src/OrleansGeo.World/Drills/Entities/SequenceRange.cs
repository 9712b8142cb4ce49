namespace OrleansGeo.World.Drills.Entities;

/// <summary>Sequence numbers that were recorded one after the other, both ends included.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.drill.range")]
internal readonly record struct SequenceRange([property: Id(0)] long From, [property: Id(1)] long To);
