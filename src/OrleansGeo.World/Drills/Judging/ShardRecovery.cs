namespace OrleansGeo.World.Drills.Judging;

/// <summary>How long a shard acknowledged no write.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Took">From the fault to the first write that another home acknowledged; null: none did.</param>
internal sealed record ShardRecovery(string Shard, TimeSpan? Took);
