using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Freshness;

/// <summary>
/// How fresh a replica is, without comparing clocks: its region asked the home at its own time t where the log stands; once the replica shows
/// that, it is as fresh as the home was at t. Pure, and guarded by the shard's lock.
/// </summary>
/// <remarks>Invariant 10: reported staleness ≥ true staleness. An answer counts only if the home held its lease when it gave it.</remarks>
internal sealed class FreshnessTracker
{
    /// <summary>Answers that wait to be shown. A replica that lags further than this many probes is told of the newest of them a little later.</summary>
    private const int Limit = 64;

    private readonly Queue<Probe> _waiting = new();
    private Probe? _overflow;

    /// <param name="freshAt">Until when this region was itself home of what the replica shows; null: it was not.</param>
    public FreshnessTracker(TimeSpan? freshAt = null) => FreshAt = freshAt;

    /// <summary>The replica shows everything that the home had acknowledged at this time of this region; null: not known.</summary>
    public TimeSpan? FreshAt { get; private set; }

    /// <summary>The home answered.</summary>
    /// <param name="asked">When it was asked, by this region's monotonic clock.</param>
    /// <param name="position">The home's epoch, and up to where it had acknowledged the log.</param>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        if (_waiting.Count < Limit)
        {
            _waiting.Enqueue(new(asked, position));
        }
        else
        {
            _overflow = new(asked, position);
        }
    }

    /// <summary>What the replica shows now.</summary>
    /// <param name="verifiedEpoch">The epoch whose home verified the log.</param>
    /// <param name="verified">Up to here that home said that the log is its own.</param>
    /// <param name="applied">Up to here it can be read.</param>
    public void Shows(long verifiedEpoch, LogPosition verified, LogPosition applied)
    {
        while (_waiting.TryPeek(out var oldest))
        {
            if (IsShown(oldest.Position, verifiedEpoch, verified, applied))
            {
                FreshAt = FreshAt is { } before && before > oldest.Asked ? before : oldest.Asked;
            }
            else if (verifiedEpoch <= oldest.Position.Epoch)
            {
                break;
            }

            // Shown, or of a home that has a successor: its last entries may never come, and would hide every later answer.
            _waiting.Dequeue();
            if (_waiting.Count == 0 && _overflow is { } next)
            {
                _waiting.Enqueue(next);
                _overflow = null;
            }
        }
    }

    /// <summary>An empty log is shown by whoever has nothing else to show.</summary>
    private static bool IsShown(RecordVersion position, long verifiedEpoch, LogPosition verified, LogPosition applied) =>
        (position.Position == LogPosition.Zero && applied == LogPosition.Zero && verified == LogPosition.Zero)
        || (verifiedEpoch >= position.Epoch && verified >= position.Position && applied >= position.Position);

    private readonly record struct Probe(TimeSpan Asked, RecordVersion Position);
}
