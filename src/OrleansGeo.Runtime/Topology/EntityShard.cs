namespace OrleansGeo.Runtime.Topology;

/// <summary>The shard that an entity is in, as far as is known.</summary>
/// <param name="Index">The shard's index in the world's map.</param>
/// <param name="Generation">How often the entity was moved to get there; 0: it is in the shard of its key.</param>
internal readonly record struct EntityShard(int Index, long Generation);
