using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Recovery;

/// <summary>What a region that was allotted a shard does next to become its home.</summary>
internal abstract record RecoveryStep
{
    private RecoveryStep()
    {
    }

    /// <summary>More promises.</summary>
    public sealed record Wait : RecoveryStep;

    /// <summary>The own log is what every acknowledged quorum write is in: open it, and write the epoch's first entry.</summary>
    public sealed record Open : RecoveryStep;

    /// <summary>The own log has entries that the longest does not: cut them, into the ledger.</summary>
    public sealed record Cut(LogPosition KeepThrough, long ForeignEpoch) : RecoveryStep;

    /// <summary>Append the rows of this region's log from this position on.</summary>
    public sealed record Fetch(RegionId Source, LogPosition From) : RecoveryStep;

    /// <summary>What is missing is no longer in any log: the region that has it must be home.</summary>
    public sealed record Yield(RegionId Region) : RecoveryStep;

    /// <summary>
    /// This region cannot read rows of the longest log (it is of an earlier version than their writer, or they are damaged), so it must not become home of them:
    /// the region that has them must.
    /// </summary>
    public sealed record Unreadable(RegionId Source, string Problem) : RecoveryStep;

    /// <summary>A store that was counted forgot what it had promised, or does not answer any more: every store is asked anew.</summary>
    public sealed record Again : RecoveryStep;

    /// <summary>Somebody was allotted the shard after this region.</summary>
    public sealed record Lost(FencingToken Promised) : RecoveryStep;
}
