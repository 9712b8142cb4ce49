using OrleansGeo.Api.Errors;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>Whether a region that was cut off behaved: it stops acknowledging before anyone else starts, says so clearly, and still reads locally.</summary>
internal static class Isolation
{
    private static readonly string[] ClearCodes = [ProblemKinds.RegionIsolated.Code, ProblemKinds.HomeUnavailable.Code];

    /// <summary>Per code, how often the region answered writes with it while it was cut off.</summary>
    public static SortedDictionary<string, int> Codes(IEnumerable<WriteRecord> writes, int region, long cut, long healed) => new(
        During(writes, region, cut, healed).Where(static write => !write.Call.IsDone).CountBy(static write => write.Call.Describe()).ToDictionary(),
        StringComparer.Ordinal);

    public static IEnumerable<string> Check(
        IReadOnlyCollection<WriteRecord> writes, IReadOnlyCollection<ReadRecord> reads, int region, long cut, long healed, TimeProvider time)
    {
        var elsewhere = Statistics.FirstElsewhere(writes);
        var inside = During(writes, region, cut, healed).Where(static write => write.Target.IsAffected).ToList();
        foreach (var shard in inside.Where(static write => write.Call.IsDone && write.Call.Epoch <= write.Target.Epoch).GroupBy(static write => write.Target.Shard))
        {
            var last = shard.Max(static write => write.Call.Ended);
            if (elsewhere.TryGetValue(shard.Key, out var first) && last >= first)
            {
                yield return FormattableString.Invariant(
                    $"{shard.Key}: the region that was cut off acknowledged a write {time.GetElapsedTime(first, last).TotalMilliseconds:0} ms after the new home's first.");
            }
        }

        foreach (var unclear in During(writes, region, cut, healed).Where(static write => !IsClear(write.Call)).GroupBy(static write => write.Call.Describe()))
        {
            yield return $"The region that was cut off answered {unclear.Count()} writes with '{unclear.Key}': a 503 with Retry-After, or a 504, says what to do.";
        }

        var local = reads.Where(read => read.Through == region && !read.IsStrong && read.Call.Started > cut && read.Call.Ended < healed).ToList();
        var failed = local.Count(static read => !read.Call.IsDone);
        if (failed > 0 || local.Count == 0)
        {
            yield return $"{failed} of {local.Count} local reads failed in the region that was cut off: they should go on.";
        }
    }

    private static IEnumerable<WriteRecord> During(IEnumerable<WriteRecord> writes, int region, long cut, long healed) =>
        writes.Where(write => write.Writer.Through == region && write.Call.Ended > cut && write.Call.Ended < healed);

    private static bool IsClear(CallResult call) => call.IsDone
        || (call.Status == 503 && call.HasRetryAfter && ClearCodes.Contains(call.Code))
        || (call.Status == 504 && call.Code == ProblemKinds.DeadlineExceeded.Code);
}
