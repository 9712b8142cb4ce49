using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>Whose place it is, and how long it waits for what.</summary>
internal sealed record SeatConfig
{
    public required RegionId Self { get; init; }

    public required ShardMap Map { get; init; }

    /// <summary>The shard's index in the map.</summary>
    public required int Index { get; init; }

    public required Quorums Quorums { get; init; }

    /// <summary>After a step that failed, or whose time may come without a sign of it.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After a role that could not be taken although the topology says so: it may say something else by then.</summary>
    public TimeSpan LookAgainAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a log that cannot be read here: that does not pass in a moment.</summary>
    public TimeSpan UnreadableAgainAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For so long at most a shard stages nothing before it is handed over, or stays.</summary>
    public TimeSpan DrainBound { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For so long a hand-over's receiver may be silent after it confirmed the token; and so long it waits, before it confirms one, for its home to begin.</summary>
    public TimeSpan TokenBound { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A token that is not answered in this time is sent again: longer than its receiver takes to answer.</summary>
    public TimeSpan TokenTimeout => 2 * TokenBound;

    /// <summary>For so long the last rows may come after the token, and the last acknowledgements after it went; and the first row of a new home waits where the old one becomes a replica.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For so long a shard is reserved for a region before that one gives the reservation back, because no token came: the home may have forgotten that it sent one.</summary>
    public TimeSpan TokenComesWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A row shard has one owner, who needs no lease.</summary>
    public bool IsRow => Map.IsRow(Index);

    public ShardId Shard => Map[Index];
}
