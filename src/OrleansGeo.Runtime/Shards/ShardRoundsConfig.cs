namespace OrleansGeo.Runtime.Shards;

/// <summary>What <see cref="ShardRounds{T}"/> do, and their bounds.</summary>
internal sealed record ShardRoundsConfig
{
    /// <summary>The work, for the log: "maintenance".</summary>
    public required string What { get; init; }

    /// <summary>What does not happen while it hangs or fails, as the end of a sentence that begins "Meanwhile ".</summary>
    public required string Effect { get; init; }

    /// <summary>For so many shards at a time. Default: without a bound but the number of shards.</summary>
    public int AtOnce { get; init; } = int.MaxValue;

    /// <summary>How long the work of one shard may take before it gives its place to another's. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
