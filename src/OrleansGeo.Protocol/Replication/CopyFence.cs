using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replication;

/// <summary>The one rule by which every store lets a copy begin. Stores evaluate it inside the transaction that discards the log.</summary>
/// <remarks>
/// A delayed first page of a copy that ended long ago must not discard what was appended since and is counted as stable. And what
/// the home does not have may be acknowledged <c>r</c> writes of a lost epoch: those rows go to the ledger, as in a cut.
/// </remarks>
public static class CopyFence
{
    /// <param name="head">The shard as stored.</param>
    /// <param name="token">Who copies.</param>
    /// <param name="start">The home's log.</param>
    /// <param name="foreignAfter">Rows after this position are not in the home's log.</param>
    /// <returns>Whether the copy may begin. If not, the store stays as it is.</returns>
    public static bool MayBegin(ShardHead head, FencingToken token, CopyStart start, out LogPosition foreignAfter)
    {
        foreignAfter = head.Epochs.CommonWith(start.Epochs, head.Last, start.Last);
        return !token.IsFencedBy(head.Promised) && (head.Copying || foreignAfter < start.Trimmed);
    }
}
