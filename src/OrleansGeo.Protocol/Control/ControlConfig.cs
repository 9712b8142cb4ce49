using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>What a region's control plane is, and how patient.</summary>
internal sealed record ControlConfig
{
    public required RegionId Self { get; init; }

    public required ShardMap Map { get; init; }

    /// <summary>Which run of this region: never used before.</summary>
    public required long Boot { get; init; }

    /// <summary>Several processes may use the region's store at once: an earlier run may go on, and what it granted holds until it ends.</summary>
    public bool IsStoreShared { get; init; }

    /// <summary>Random bytes, to be the world's secret if it has none yet.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>How long a lease lasts without a renewal. It is renewed after a quarter.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>By how much the rates of two regions' clocks may differ, as a part of the time that they measure.</summary>
    public double DriftMargin { get; init; } = 0.02;

    /// <summary>How much later than the one before it each next region acts when a lease has ended.</summary>
    public TimeSpan TakeoverStep { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a region that nobody has seen alive is waited for before its homes go elsewhere: it may still be starting. At least a lease.</summary>
    public TimeSpan StartGrace { get; init; }

    /// <summary>How long an attempt to change a register waits for a majority.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest pause after another proposer got in between.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(40);

    public int Majority => Map.Regions.Majority;

    public TimeSpan RenewalInterval => LeaseDuration / 4;
}
