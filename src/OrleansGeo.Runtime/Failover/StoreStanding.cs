using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Runtime.Failover;

/// <summary>What a region knows of its own store since it started.</summary>
internal enum StoreStanding
{
    /// <summary>Nothing yet: the other regions were not heard.</summary>
    NotCompared,

    /// <summary>It is older than what the others know of it. It does not vote, and holds no lease, before it has caught up.</summary>
    WentBack,

    /// <summary>
    /// Nothing shows that it went back, and nothing proves that it did not: its answers count for nothing alone, its homes begin new epochs with what others hold, and nothing is shown
    /// from its replicas.
    /// </summary>
    NotProven,

    /// <summary>
    /// Nothing proves that it holds all that it held, and its operator has it taken for that (<see cref="FailoverOptions.TrustStore"/>): it votes and counts. Its homes begin new epochs all the same: going on in
    /// an old one it would write other entries at places that others have.
    /// </summary>
    Trusted,

    /// <summary>It holds all that it held.</summary>
    Proven,
}
