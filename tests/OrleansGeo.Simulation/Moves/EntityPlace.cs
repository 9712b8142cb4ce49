namespace OrleansGeo.Simulation.Moves;

/// <summary>The shard that an entity is taken to be in, and how often it had been moved by then.</summary>
internal readonly record struct EntityPlace(int Shard, long Generation = 0);
