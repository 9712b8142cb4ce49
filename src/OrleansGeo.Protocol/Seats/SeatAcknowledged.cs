using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What this region is known to have acknowledged of a shard under one epoch, over all the times that it was opened as home under that epoch.</summary>
/// <param name="Home">The epoch.</param>
/// <param name="Acknowledged">Up to here for sure.</param>
/// <param name="AtMost">Up to here anybody may have.</param>
internal readonly record struct SeatAcknowledged(HomeAssignment Home, LogPosition Acknowledged, LogPosition AtMost)
{
    /// <summary>Nobody can have acknowledged more.</summary>
    public bool IsExact => Acknowledged >= AtMost;

    /// <summary>
    /// After one more opening ended. One that follows another under the same epoch, such as after a lease that ended and came back, may not have acknowledged
    /// again what the earlier one did; and what that one did not, only itself can have.
    /// </summary>
    public SeatAcknowledged Then(ISeatHome ended) => Home == ended.Home
        ? new(Home, LogPosition.Max(Acknowledged, ended.Acknowledged), LogPosition.Max(AtMost, ended.Acknowledged))
        : new(ended.Home, ended.Acknowledged, ended.AcknowledgedAtMost);
}
