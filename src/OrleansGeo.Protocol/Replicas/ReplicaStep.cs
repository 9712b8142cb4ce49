using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>What a replica does with a message.</summary>
internal abstract record ReplicaStep
{
    private ReplicaStep()
    {
    }

    /// <summary>Answer at once.</summary>
    public sealed record Answer(AppendReply Reply) : ReplicaStep;

    /// <summary>Append the message to the store, then complete the step with the store's result.</summary>
    /// <param name="Message">The message, without rows that cannot be read here and what follows them.</param>
    /// <param name="Missing">Those of its rows that the store lacks.</param>
    /// <param name="Problem">Why a row of the original message cannot be read here; null: all can.</param>
    public sealed record Store(AppendMessage Message, ImmutableArray<DecodedRow> Missing, string? Problem) : ReplicaStep;

    /// <summary>
    /// Cut the store after <paramref name="KeepThrough"/> if the next entry is still of <paramref name="ForeignEpoch"/>, open the log again, and take the message again.
    /// </summary>
    public sealed record Cut(LogPosition KeepThrough, long ForeignEpoch) : ReplicaStep;
}
