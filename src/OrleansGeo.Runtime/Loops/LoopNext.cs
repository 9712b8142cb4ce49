namespace OrleansGeo.Runtime.Loops;

/// <summary>What a step of a <see cref="BackgroundLoop"/> says of the next one.</summary>
internal readonly record struct LoopNext
{
    /// <summary>Timers take no longer ones; a loop that steps once a day does no harm.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private LoopNext(TimeSpan pause, bool isEnd) => (Pause, IsEnd) = (pause, isEnd);

    /// <summary>At once: the step itself waits for what it does, as a long poll does.</summary>
    public static LoopNext Now => default;

    /// <summary>When the loop is woken.</summary>
    public static LoopNext WhenWoken => new(Timeout.InfiniteTimeSpan, isEnd: false);

    /// <summary>Never: what was to be done is done, and the loop ends.</summary>
    public static LoopNext End => new(TimeSpan.Zero, isEnd: true);

    public TimeSpan Pause { get; }

    public bool IsEnd { get; }

    /// <summary>After a while, or when the loop is woken. No time at all: at once. <see cref="Timeout.InfiniteTimeSpan"/>: only when woken.</summary>
    public static LoopNext After(TimeSpan pause) =>
        pause == Timeout.InfiniteTimeSpan ? WhenWoken
        : new(pause < TimeSpan.Zero ? TimeSpan.Zero : pause > Longest ? Longest : pause, isEnd: false);
}
