namespace OrleansGeo;

/// <summary>How fresh a read must be. The staleness of every read is reported, whatever was asked for.</summary>
public enum ReadConsistency
{
    /// <summary>The caller's own region answers: committed data, in order.</summary>
    Local = 0,

    /// <summary>The home answers, under its lease: at least as new as every write acknowledged before the read began (on <c>Region</c> durability: up to a forced promotion).</summary>
    Strong = 1,

    /// <summary>
    /// The caller's own region answers once it shows what the session has seen, otherwise the home: the session reads its own writes and never
    /// anything older than it has read, in any region. If what it saw was lost: <see cref="GeoErrorCode.WriteLost"/>.
    /// </summary>
    Session = 2,

    /// <summary>
    /// The caller's own region answers if its data is at most <see cref="GeoCallOptions.MaxStaleness"/> old, otherwise the home; if neither can:
    /// <see cref="GeoErrorCode.TooStale"/>.
    /// </summary>
    Bounded = 3,
}
