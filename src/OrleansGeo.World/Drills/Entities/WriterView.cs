using System.Collections.Immutable;

namespace OrleansGeo.World.Drills.Entities;

/// <summary>What one writer had recorded.</summary>
/// <param name="Writer">The writer.</param>
/// <param name="Ranges">In the order in which they were recorded: ranges that overlap mean that numbers were recorded twice.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.drill.writer")]
internal sealed record WriterView([property: Id(0)] string Writer, [property: Id(1)] ImmutableArray<SequenceRange> Ranges);
