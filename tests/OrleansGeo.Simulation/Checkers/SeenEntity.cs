using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>A moment of an entity's life: what somebody was told of it.</summary>
internal sealed record SeenEntity(long Generation, int Shard, ShadowRow Row, LogPosition Position, long At);
