using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replication;

/// <summary>From a replica to the home.</summary>
/// <param name="Verdict">What became of the append.</param>
/// <param name="At">
/// Stored or unreadable: how far the replica is verified to hold the home's log, on disk, and can read it. Gap or conflict: the last entry that may be common.
/// </param>
/// <param name="AtEpoch">The epoch of the replica's entry at <paramref name="At"/>.</param>
/// <param name="Last">The replica's last stored entry.</param>
/// <param name="LastEpoch">The epoch of that entry.</param>
/// <param name="Promised">The highest token that the replica's store knows.</param>
/// <param name="Problem">Unreadable: why, in words.</param>
internal sealed record AppendReply(
    AppendVerdict Verdict, LogPosition At, long AtEpoch, LogPosition Last, long LastEpoch, FencingToken Promised, string? Problem = null);
