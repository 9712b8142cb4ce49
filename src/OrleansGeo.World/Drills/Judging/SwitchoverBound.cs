using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>How long a planned move may hold a write up: one round trip between the two homes, one from the new home to its nearest majority, and 100 ms.</summary>
internal static class SwitchoverBound
{
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(100);

    /// <param name="roundTrips">Milliseconds, by region and region.</param>
    /// <param name="from">The old home.</param>
    /// <param name="to">The new home.</param>
    public static TimeSpan Of(double[,] roundTrips, int from, int to)
    {
        var regions = roundTrips.GetLength(0);
        var others = Enumerable.Range(0, regions).Where(region => region != to).Select(region => roundTrips[to, region]).Order().ToArray();

        // The new home itself is one of the majority.
        var needed = regions / 2;
        return TimeSpan.FromMilliseconds(roundTrips[from, to] + (needed == 0 ? 0 : others[needed - 1])) + Allowance;
    }

    /// <summary>The entity whose writes took longest beyond what they took before, less what is allowed.</summary>
    /// <param name="writes">Of all entities.</param>
    /// <param name="began">When the move was asked for.</param>
    /// <param name="before">Writes that ended before this, the first move, say what is usual.</param>
    /// <param name="ended">When the move was over.</param>
    /// <param name="boundOf">By shard; null: the shard did not move.</param>
    /// <param name="time">The clock of the timestamps.</param>
    public static IEnumerable<SwitchoverPause> Pauses(
        IEnumerable<WriteRecord> writes, long began, long before, long ended, Func<string, TimeSpan?> boundOf, TimeProvider time)
    {
        foreach (var entity in writes.Where(static write => write.Target.IsAffected).GroupBy(static write => write.Writer))
        {
            var usual = Statistics.Percentile(
                entity.Where(write => write.Call.IsDone && write.Call.Ended < before).Select(write => Statistics.LatencyOf(write.Call, time)), 0.5);
            var during = entity.Where(write => write.Call.Ended >= began && write.Call.Started < ended).ToList();
            if (during.Count > 0 && boundOf(entity.Key.Target.Shard) is { } bound)
            {
                yield return new(entity.Key.Target.Id, entity.Key.Target.Shard, during.Max(write => Statistics.LatencyOf(write.Call, time)) - usual, bound);
            }
        }
    }
}
