using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What a seat wants done. A runner does it, and reports the outcome of those that have one under their number.</summary>
/// <remarks>
/// A seat has one effect with an outcome under way at a time, and waits for it, whatever happens meanwhile: what a store was asked to change is never taken
/// back, because it may have been done. An outcome that is not known is reported as a failure; the seat reads the store again.
/// </remarks>
internal abstract record SeatEffect
{
    private SeatEffect()
    {
    }

    /// <summary>The number under which the outcome is reported; 0: nobody waits for one.</summary>
    public long Number { get; init; }

    /// <summary>From the own store: the shard's head. Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record ReadHead : SeatEffect;

    /// <summary>In the own store. Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record Promise(FencingToken Token) : SeatEffect;

    /// <summary>In the own store. Outcome: the <see cref="ShardHead"/>.</summary>
    public sealed record Cut(FencingToken Token, LogPosition KeepThrough, long ForeignEpoch) : SeatEffect;

    /// <summary>In the own store: rows of another region's. Outcome: a <see cref="SeatAppended"/>.</summary>
    public sealed record Append(FencingToken Token, LogPosition Previous, long PreviousEpoch, ImmutableArray<LogRow> Rows) : SeatEffect;

    /// <summary>In the own store: what this region acknowledged and others may lack is suspected to be lost. Outcome: none.</summary>
    public sealed record Suspect(RegionId Region, long Epoch, LogPosition From) : SeatEffect;

    /// <summary>From another region's store: a page of its log. Outcome: a <see cref="SeatPage"/>.</summary>
    public sealed record ReadLog(RegionId Source, LogPosition From) : SeatEffect;

    /// <summary>Copies another region's records of a row shard into the own store. Outcome: the own <see cref="ShardHead"/>.</summary>
    public sealed record TakeRecords(RegionId Source, FencingToken Token) : SeatEffect;

    /// <summary>Asks every other region's store to promise, again and again; each answer is an input. Until <see cref="StopAsking"/>.</summary>
    public sealed record AskPromises(FencingToken Token) : SeatEffect;

    public sealed record StopAsking : SeatEffect;

    /// <summary>Opens the log from the store and shows it as a replica's. Outcome: an <see cref="ISeatReplica"/>.</summary>
    /// <param name="Committed">Up to here this region acknowledged the log as home.</param>
    /// <param name="FreshAt">Until when, by the region's clock, nobody else can have acknowledged more; null: not known.</param>
    public sealed record OpenReplica(LogPosition Committed, TimeSpan? FreshAt) : SeatEffect;

    /// <summary>Opens the log from the store as home's, which is shown to nobody yet. Outcome: an <see cref="ISeatHome"/>, or null when the store has promised a newer epoch, or a <see cref="SeatUnreadable"/>.</summary>
    public sealed record OpenHome(HomeAssignment Assignment, bool IsHanded, long Generation) : SeatEffect;

    /// <summary>The home takes the replica's place, and requests.</summary>
    public sealed record ShowHome : SeatEffect;

    /// <summary>The home acknowledges nothing any more; at once. Outcome: none.</summary>
    public sealed record EndHome(string Reason) : SeatEffect;

    /// <summary>Closes the home, and waits until what it has under way in the store has ended. Outcome: none.</summary>
    public sealed record CloseHome(string Reason) : SeatEffect;

    /// <summary>The home is about to leave: what is only in memory gets its chance, while it still stages. Outcome: none.</summary>
    /// <param name="RegionLeaves">The whole region is left, and there is time.</param>
    public sealed record PrepareToLeave(bool RegionLeaves) : SeatEffect;

    /// <summary>The home stages nothing from here on. Outcome: none.</summary>
    public sealed record BeginHandOver : SeatEffect;

    /// <summary>The home stages again.</summary>
    public sealed record EndHandOver : SeatEffect;

    /// <summary>The store is about to promise the shard to another region: what is shown here is no fresher than it is now.</summary>
    public sealed record BeginGivingAway : SeatEffect;

    /// <summary>Sends a hand-over's token. Outcome: whether the receiver is home, whatever ends.</summary>
    /// <param name="Way">The region that it is sent to: the receiver, or one that passes it on.</param>
    /// <param name="Token">The token.</param>
    public sealed record SendToken(RegionId Way, HandOverToken Token) : SeatEffect;

    /// <summary>Tells the home's region that a replica is open here and knows nothing yet.</summary>
    public sealed record Announce(RegionId Home) : SeatEffect;

    /// <summary>Asks for a change of the topology. Outcome: none; what became of it is in the topology.</summary>
    public sealed record Change(SeatChange What) : SeatEffect;

    /// <summary>Asks for a topology that is newer than what is known here.</summary>
    public sealed record CatchUp : SeatEffect;

    /// <summary>Callers may go there from here on.</summary>
    public sealed record Hear(HomeAssignment Home) : SeatEffect;

    /// <summary>Gives this activation up: another one may have taken its place. Nothing follows.</summary>
    public sealed record Abandon : SeatEffect;

    /// <summary>Something that an operator wants to read.</summary>
    public sealed record Note(SeatNote What) : SeatEffect;
}
