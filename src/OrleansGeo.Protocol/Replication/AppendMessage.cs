using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replication;

/// <summary>From a shard's home to one replica: rows to append, and how far the home has come.</summary>
/// <param name="Token">Who sends, and in which epoch.</param>
/// <param name="Previous">The entry before the rows.</param>
/// <param name="PreviousEpoch">Its epoch.</param>
/// <param name="Rows">Consecutive rows; none: the message verifies <paramref name="Previous"/> and announces.</param>
/// <param name="Commit">Everything up to here is acknowledged and may be seen.</param>
/// <param name="Stable">Everything up to here is on a majority of regions.</param>
/// <param name="Trimmed">Everything up to here is gone from the home's log.</param>
internal sealed record AppendMessage(
    FencingToken Token,
    LogPosition Previous,
    long PreviousEpoch,
    ImmutableArray<LogRow> Rows,
    LogPosition Commit,
    LogPosition Stable,
    LogPosition Trimmed)
{
    /// <summary>The last position that this message speaks of.</summary>
    public LogPosition Through => Rows.IsEmpty ? Previous : Rows[^1].Last;
}
