using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What a seat has to tell an operator.</summary>
internal abstract record SeatNote
{
    private SeatNote()
    {
    }

    /// <summary>The shard serves here under a new epoch.</summary>
    /// <param name="Home">The epoch.</param>
    /// <param name="IsHanded">It was handed over; otherwise it was taken.</param>
    /// <param name="Took">Since this seat began to take it.</param>
    public sealed record Serves(HomeAssignment Home, bool IsHanded, TimeSpan Took) : SeatNote;

    /// <summary>The shard goes to a region that has what is missing, or damaged, here.</summary>
    public sealed record Yields(RegionId To) : SeatNote;

    /// <summary>A planned hand-over was called off.</summary>
    public sealed record Stays(RegionId Target) : SeatNote;

    /// <summary>What a region acknowledged alone may be lost.</summary>
    public sealed record Suspects(RegionId Region, long Epoch, LogPosition From) : SeatNote;

    /// <summary>This region cannot be home of the shard, because it cannot read its log.</summary>
    public sealed record Unreadable(string Problem) : SeatNote;

    /// <summary>A step failed and is tried again.</summary>
    public sealed record Failed(string Problem) : SeatNote;
}
