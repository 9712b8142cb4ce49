using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Simulation.Moves;

/// <summary>What the homes say of an entity.</summary>
/// <param name="At">The shard that has it, or is to have it, and how often it was moved.</param>
/// <param name="Move">The last of these moves.</param>
/// <param name="IsOpen">It has left the one shard, and not arrived in the other.</param>
internal sealed record FoundEntity(EntityPlace At, EntityMove? Move, bool IsOpen);
