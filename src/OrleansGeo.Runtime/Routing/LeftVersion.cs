namespace OrleansGeo.Runtime.Routing;

/// <summary>Which version a request that is repeated left when it ran, where that is not what its answer is based on: the entity was moved since.</summary>
/// <param name="Epoch">The version's epoch.</param>
/// <param name="Position">The version's position, in the log of the shard where it ran.</param>
/// <param name="Moves">How often the entity had been moved by then.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.reply.left")]
internal sealed record LeftVersion([property: Id(0)] long Epoch, [property: Id(1)] long Position, [property: Id(2)] long Moves);
