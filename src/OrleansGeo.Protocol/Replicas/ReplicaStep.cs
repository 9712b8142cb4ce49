using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>What a replica does with a message.</summary>
public abstract record ReplicaStep
{
    private ReplicaStep()
    {
    }

    /// <summary>Answer at once.</summary>
    public sealed record Answer(AppendReply Reply) : ReplicaStep;

    /// <summary>Append the message to the store, then complete the step with the store's result.</summary>
    public sealed record Store : ReplicaStep;

    /// <summary>
    /// Cut the store after <paramref name="KeepThrough"/> if the next entry is still of <paramref name="ForeignEpoch"/>, open the log again, and take the message again.
    /// </summary>
    public sealed record Cut(LogPosition KeepThrough, long ForeignEpoch) : ReplicaStep;
}
