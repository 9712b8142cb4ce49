namespace OrleansGeo.Protocol.Replicas;

/// <summary>The rules of a replica that a run goes without, to show that a checker notices; all hold otherwise.</summary>
internal sealed record ReplicaRules
{
    public static ReplicaRules All { get; } = new();

    /// <summary>A checkpoint goes no further than <see cref="ReplicaLog.CheckpointTarget"/>; otherwise as far as the log is applied.</summary>
    public bool BoundsCheckpoint { get; init; } = true;
}
