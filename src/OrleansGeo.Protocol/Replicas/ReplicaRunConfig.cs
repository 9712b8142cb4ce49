namespace OrleansGeo.Protocol.Replicas;

/// <summary>What a replica is of, and when it tidies up.</summary>
internal sealed record ReplicaRunConfig
{
    /// <summary>Of a row shard: whatever its owner stored is final.</summary>
    public bool IsRow { get; init; }

    /// <summary>So many entries above the checkpoint are enough to move it.</summary>
    public int CheckpointEntries { get; init; } = 4096;

    /// <summary>After so long it is moved whatever there is.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal ReplicaRules Rules { get; init; } = ReplicaRules.All;
}
