namespace OrleansGeo.Runtime.Configuration;

/// <summary>How fast a lost region is noticed, and how patient failback is. The same in every region.</summary>
public sealed class FailoverOptions
{
    /// <summary>How long a region may act as home after the last renewal that a majority confirmed. Renewed after a quarter. Default 4 s, at least 1 s.</summary>
    /// <remarks>A lost region's homes serve elsewhere about this long, and a few round trips, after it was lost.</remarks>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>By how much the rates of two regions' clocks may differ, as a part of the time measured. Default 0.02.</summary>
    public double DriftMargin { get; set; } = 0.02;

    /// <summary>How much later than the one before it each next region acts when a lease has ended. Default 2 s.</summary>
    public TimeSpan TakeoverStep { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a region that no other has seen alive since they started is waited for before its homes go elsewhere. Default 15 s.</summary>
    public TimeSpan StartGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether homes return to a region that was lost, once it is healthy again and has caught up. Default true.</summary>
    public bool Failback { get; set; } = true;

    /// <summary>How long it must have been healthy for that. Default 1 minute.</summary>
    public TimeSpan FailbackDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Unsafe: take part with a store that is older than what the other regions know of it, without letting it catch up first. It votes as if it had forgotten nothing; its homes begin new epochs, with the
    /// longest log of a majority that it counts itself into, so that what it forgot may be lost. For a world that cannot go on otherwise, such as one of two regions. Default false.
    /// </summary>
    public bool TrustStore { get; set; }

    /// <summary>
    /// How long memory that is not written yet (<c>OnDeactivateAsync</c>), and requests that have called others, may hold up a shard or an entity that moves, planned, while the region goes
    /// on. What takes longer stays behind, and such requests are repeated where the entity is. Default 100 ms, at most 30 s.
    /// </summary>
    public TimeSpan HandOverGrace { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The same where the region is drained, or stops. Default 2 s, at most 30 s.</summary>
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many shards a region hands over at the same time. Default 16.</summary>
    public int HandOversAtOnce { get; set; } = 16;
}
