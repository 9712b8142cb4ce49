using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>An open home's log, as its seat looks at it.</summary>
internal interface ISeatHome
{
    HomeAssignment Home { get; }

    /// <summary>It acts, and was not closed.</summary>
    bool IsOpen { get; }

    /// <summary>It can take requests.</summary>
    bool IsReady { get; }

    /// <summary>The epoch's first entry is in the own store: this region is home of the shard, whatever ends.</summary>
    bool IsStarted { get; }

    /// <summary>A replica has entries of this epoch that the own store does not.</summary>
    bool WentBack { get; }

    /// <summary>It closed because its region might not act any more when something was to be acknowledged.</summary>
    bool LostLease { get; }

    /// <summary>Why its store cannot go on with the shard, ever; null: it can.</summary>
    string? Damage { get; }

    /// <summary>It stages nothing any more.</summary>
    bool IsHandingOver { get; }

    /// <summary>Everything up to here was acknowledged by this opening.</summary>
    LogPosition Acknowledged { get; }

    /// <summary>Up to here, at most, anybody acknowledged the log.</summary>
    LogPosition AcknowledgedAtMost { get; }

    /// <summary>The last stored entry.</summary>
    LogPosition Stored { get; }

    /// <summary>Whether all that was staged is stored, and on its way to a region's replica (of a region shard: there).</summary>
    bool IsDrainedInto(RegionId region);
}
