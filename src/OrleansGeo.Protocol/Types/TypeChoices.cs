using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Types;

/// <summary>
/// What the author of a grain type chose that decides in which shards its entities are, and what their log promises. Facts of the world once a silo
/// has hosted the type: with others, every entity would be looked for where it is not.
/// </summary>
/// <param name="Type">The grain type's name.</param>
/// <param name="Durability">When a write is acknowledged.</param>
/// <param name="IsMultiWriter">Every region writes its own row of an entity.</param>
/// <param name="HomePolicy">The full name of the home policy's class. Empty for a multi-writer type, whose entities are at home everywhere.</param>
internal sealed record TypeChoices(string Type, ShardFamily Durability, bool IsMultiWriter, string HomePolicy);
