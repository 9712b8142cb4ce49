using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

/// <summary>What a home's log is and may grow to.</summary>
internal sealed record HomeLogConfig
{
    public required FencingToken Token { get; init; }

    public required ShardFamily Family { get; init; }

    /// <summary>The other regions; each has a replica.</summary>
    public required ImmutableArray<RegionId> Replicas { get; init; }

    /// <summary>The world's, this one included.</summary>
    public required WorldRegions Regions { get; init; }

    /// <summary>Which of them it takes for an entry to be stable.</summary>
    public required Quorums Quorums { get; init; }

    public int BatchBytes { get; init; } = 1024 * 1024;

    public int StagedBytes { get; init; } = 32 * 1024 * 1024;

    public int ReplicationWindowBytes { get; init; } = 4 * 1024 * 1024;

    public long LogRetentionBytes { get; init; } = 64 * 1024 * 1024;

    public int DeduplicationEntries { get; init; } = 1_000_000;

    /// <summary>By <see cref="Deduplication.DeduplicationWindow.RememberedBytes"/>.</summary>
    public long DeduplicationBytes { get; init; } = 512 * 1024 * 1024;

    public TimeSpan DeduplicationWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So long a request is remembered even if there are many: as long as it may be repeated.</summary>
    public TimeSpan DeduplicationFloor { get; init; } = TimeSpan.FromMinutes(6);
}
