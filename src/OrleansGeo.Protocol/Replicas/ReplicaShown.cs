using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>How far a replica's log was shown before it was read again from its store: nothing older is shown, unless what was shown is gone.</summary>
internal sealed class ReplicaShown
{
    private RecordVersion _shown;

    /// <summary>Whether the log shows as much again.</summary>
    public bool IsReachedBy(ReplicaLog log) => log.Applied >= _shown.Position;

    /// <summary>The log is read again.</summary>
    /// <param name="before">The log as it was shown.</param>
    /// <param name="head">The store's head.</param>
    /// <param name="cut">The cut that the store was asked for meanwhile, whatever became of it; null: none.</param>
    public void Reread(ReplicaLog before, ShardHead head, ReplicaStep.Cut? cut)
    {
        if (before.Shown > _shown.Position)
        {
            _shown = new(before.Head.Epochs.EpochAt(before.Shown), before.Shown);
        }

        // A copy may have taken what was shown, like a cut: then a later epoch began at or before it without it.
        var end = cut is not null && IsMade(cut, head) ? LogPosition.Min(_shown.Position, cut.KeepThrough) : _shown.Position;
        _shown = _shown with { Position = head.Epochs.EndOf(_shown.Epoch, end) };
    }

    /// <summary>A cut that the store refused, or never made, took nothing.</summary>
    private static bool IsMade(ReplicaStep.Cut cut, ShardHead head) => head.Last <= cut.KeepThrough || head.Epochs.EpochAt(cut.KeepThrough.Next) != cut.ForeignEpoch;
}
