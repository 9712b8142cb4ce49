using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>When a region gives its homes away by itself, and how many at once.</summary>
internal sealed record HomeTargetsConfig
{
    public required RegionId Self { get; init; }

    /// <summary>Whether homes go back to where they are preferred when that has been well for <see cref="FailbackDelay"/>.</summary>
    public bool Failback { get; init; } = true;

    public required TimeSpan FailbackDelay { get; init; }

    /// <summary>So many homes of a region are handed over at a time.</summary>
    public required int HandOversAtOnce { get; init; }

    /// <summary>A replica that lacks no more entries than this is up to date soon enough.</summary>
    public long NearlyCaughtUp { get; init; } = 1_000;
}
