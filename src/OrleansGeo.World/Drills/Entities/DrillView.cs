using System.Collections.Immutable;

namespace OrleansGeo.World.Drills.Entities;

/// <summary>What a drill's entity has recorded.</summary>
/// <param name="Count">How many numbers, those that came twice counted twice.</param>
/// <param name="Writers">By writer.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.drill.view")]
internal sealed record DrillView([property: Id(0)] long Count, [property: Id(1)] ImmutableArray<WriterView> Writers);
