using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>A replica's log as its store has it.</summary>
/// <param name="Head">The store's head.</param>
/// <param name="Rows">The rows from <see cref="From"/> on, in order.</param>
internal sealed record ReplicaRead(ShardHead Head, ImmutableArray<LogRow> Rows)
{
    /// <summary>From where a log is read: what is above the checkpoint stays in memory anyway. Null: while it is copied there is nothing whole to read.</summary>
    public static LogPosition? From(ShardHead head) => head.Copying ? null : LogPosition.Max(head.Checkpoint, head.Trimmed).Next;
}
