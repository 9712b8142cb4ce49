using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>What was acknowledged of an entity when a strong read arrived: nothing older may be answered.</summary>
/// <param name="Position">In the shard that is read.</param>
/// <param name="Generation">How often it had been moved.</param>
internal readonly record struct ReadBound(LogPosition Position, long Generation);
