using System.Collections.Immutable;

namespace OrleansGeo.Operations;

/// <summary>One page of the pins.</summary>
/// <param name="Pins">By the shard of their keys, then by name.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
public sealed record EntityPins(ImmutableArray<EntityPin> Pins, GrainId? Next);
