using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Homes;

/// <summary>What the own store says of a <see cref="HomeAppend"/>.</summary>
internal abstract record HomeAppended
{
    private HomeAppended()
    {
    }

    public sealed record Answered(AppendVerdict Verdict, ShardHead Head) : HomeAppended;

    /// <summary>What became of the row is not known, and may be by and by.</summary>
    public sealed record Failed(string Problem) : HomeAppended;

    /// <summary>What the store has of the shard is damaged. That does not pass.</summary>
    public sealed record Damaged(string Problem) : HomeAppended;

    /// <summary>The store takes no row of this size, and has not taken this one.</summary>
    public sealed record TooLarge(string Problem) : HomeAppended;
}
