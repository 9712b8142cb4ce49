using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>What a replica wants done. A turn ends with <see cref="Answered"/>, <see cref="Accepted"/> or <see cref="Rest"/>; every other effect is a step of the own store, whose outcome is reported.</summary>
internal abstract record ReplicaEffect
{
    private ReplicaEffect()
    {
    }

    /// <summary>Whether the turn is over.</summary>
    public bool IsEnd => this is Answered or Accepted or Rest;

    /// <summary>Outcome: a <see cref="ReplicaRead"/>.</summary>
    public sealed record Read : ReplicaEffect;

    /// <summary>Outcome: a <see cref="ReplicaStored"/>.</summary>
    public sealed record Append(FencingToken Token, LogPosition Previous, long PreviousEpoch, ImmutableArray<LogRow> Rows) : ReplicaEffect;

    /// <summary>Outcome: none; what became of it is read.</summary>
    public sealed record Cut(FencingToken Token, LogPosition KeepThrough, long ForeignEpoch) : ReplicaEffect;

    /// <summary>Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record BeginCopy(FencingToken Token, Guid Copy, CopyStart Start) : ReplicaEffect;

    /// <summary>Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record AddToCopy(FencingToken Token, Guid Copy, ImmutableArray<string> Entities, ImmutableArray<EntityRecord> Records) : ReplicaEffect;

    /// <summary>Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record FinishCopy(FencingToken Token, Guid Copy, CopyFinish Finish) : ReplicaEffect;

    /// <summary>Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record Checkpoint(FencingToken Token, LogPosition Through, Dictionary<string, EntityRecord> Changes) : ReplicaEffect;

    /// <summary>Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record Trim(FencingToken Token, LogPosition Through) : ReplicaEffect;

    /// <summary>The reply to a message.</summary>
    public sealed record Answered(AppendReply Reply) : ReplicaEffect;

    /// <summary>Whether a page was taken. If not, the home starts over.</summary>
    public sealed record Accepted(bool IsTaken) : ReplicaEffect;

    /// <summary>Nothing is left to do.</summary>
    public sealed record Rest : ReplicaEffect;
}
