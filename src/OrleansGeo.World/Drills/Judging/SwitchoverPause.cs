namespace OrleansGeo.World.Drills.Judging;

/// <summary>How much longer than usual a write took while its home moved.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Took">The longest latency during the move, less the median before.</param>
/// <param name="Bound">What is allowed.</param>
internal sealed record SwitchoverPause(string Entity, string Shard, TimeSpan Took, TimeSpan Bound);
