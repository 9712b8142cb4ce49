using System.Collections.Immutable;
using OrleansGeo.World.Drills.Judging;

namespace OrleansGeo.World.Drills;

/// <summary>All runs of a drill.</summary>
internal sealed record DrillReport(DrillOptions Options, ImmutableArray<string> World, ImmutableArray<DrillRun> Runs)
{
    public bool IsGood => Runs.All(run => !DrillGoals.Missed(run, Options).Any());

    /// <summary>The recovery times of all shards in all runs.</summary>
    public IEnumerable<TimeSpan> RecoveryTimes => Runs.SelectMany(static run => run.Recoveries).Where(static shard => shard.Took is not null).Select(static shard => shard.Took!.Value);
}
