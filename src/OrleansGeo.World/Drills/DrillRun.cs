using System.Collections.Immutable;
using OrleansGeo.World.Drills.Judging;

namespace OrleansGeo.World.Drills;

/// <summary>The figures of one run.</summary>
internal sealed record DrillRun
{
    public required string Name { get; init; }

    public required int Entities { get; init; }

    /// <summary>Writes that were acknowledged, those included whose outcome was only known after they were repeated.</summary>
    public required int Acknowledged { get; init; }

    public required int Reads { get; init; }

    /// <summary>Requests per second before anything happened.</summary>
    public double RatePerSecond { get; init; }

    public TimeSpan MedianWrite { get; init; }

    public TimeSpan MedianStrongRead { get; init; }

    public ImmutableArray<ShardRecovery> Recoveries { get; init; } = [];

    /// <summary>Acknowledged writes that are gone: of durability <c>region</c>, and in no ledger.</summary>
    public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>Acknowledged writes that are gone and in the ledger.</summary>
    public int InLedger { get; init; }

    public ImmutableArray<FailedCall> Failed { get; init; } = [];

    /// <summary>Local reads that showed an older version than the same reader had seen before.</summary>
    public int ReadsThatWentBack { get; init; }

    public EntityPause LongestWritePause { get; init; } = EntityPause.None;

    public EntityPause LongestReadPause { get; init; } = EntityPause.None;

    /// <summary>Of a switchover: both moves of every entity.</summary>
    public ImmutableArray<SwitchoverPause> Moves { get; init; } = [];

    /// <summary>Of a partition: how the region that was cut off refused writes.</summary>
    public IReadOnlyDictionary<string, int> Refusals { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>What else is wrong, in words.</summary>
    public ImmutableArray<string> Wrong { get; init; } = [];

    /// <summary>How long the region was back until its homes were.</summary>
    public TimeSpan? Return { get; init; }
}
