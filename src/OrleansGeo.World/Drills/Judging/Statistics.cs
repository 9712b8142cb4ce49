using System.Collections.Immutable;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>Figures of what the load noted. Pure.</summary>
internal static class Statistics
{
    /// <summary>The smallest value that at least this part of the values does not exceed; zero of none.</summary>
    public static TimeSpan Percentile(IEnumerable<TimeSpan> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static TimeSpan LatencyOf(CallResult call, TimeProvider time) => time.GetElapsedTime(call.Started, call.Ended);

    /// <summary>Per affected shard, when a home of a later epoch first acknowledged a write.</summary>
    public static ImmutableArray<ShardRecovery> Recoveries(DrillPlan plan, IEnumerable<WriteRecord> writes, long fault, TimeProvider time)
    {
        var first = FirstElsewhere(writes);
        return
        [
            .. plan.AffectedShards.Order(StringComparer.Ordinal).Select(shard =>
                new ShardRecovery(shard, first.TryGetValue(shard, out var ended) ? time.GetElapsedTime(fault, ended) : null)),
        ];
    }

    /// <summary>When each shard's first write under a later epoch than before was acknowledged.</summary>
    public static Dictionary<string, long> FirstElsewhere(IEnumerable<WriteRecord> writes) => writes
        .Where(static write => write.Call.IsDone && write.Call.Epoch > write.Target.Epoch)
        .GroupBy(static write => write.Target.Shard)
        .ToDictionary(static shard => shard.Key, static shard => shard.Min(static write => write.Call.Ended));

    /// <summary>The longest time between two answers that an entity gave, or between the last one and the end.</summary>
    public static EntityPause LongestPause(IEnumerable<(DrillTarget Target, CallResult Call)> calls, long from, long until, TimeProvider time)
    {
        var longest = EntityPause.None;
        foreach (var entity in calls.GroupBy(static call => call.Target.Id))
        {
            var last = from;
            var answers = entity.Select(static call => call.Call).Where(static call => call.IsDone).Select(static call => call.Ended);
            foreach (var answered in answers.Where(ended => ended > from && ended < until).Order().Append(until))
            {
                var pause = time.GetElapsedTime(last, answered);
                longest = pause > longest.Took ? new(entity.Key, pause) : longest;
                last = answered;
            }
        }

        return longest;
    }
}
