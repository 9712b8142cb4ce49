using System.Collections.Immutable;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills;

/// <summary>Turns what the load noted into the figures that every kind of drill has.</summary>
internal static class DrillJudge
{
    /// <param name="stage">The run.</param>
    /// <param name="fault">When it happened.</param>
    /// <param name="until">The end of the time whose pauses count.</param>
    /// <param name="isExpected">Requests through the region itself that may fail.</param>
    public static DrillRun Judge(DrillStage stage, long fault, long until, Func<int, CallResult, bool> isExpected)
    {
        var (log, time) = (stage.Log, stage.Time);
        var writes = log.Writes.ToList();
        var before = writes.Where(write => write.Call.IsDone && write.Call.Started >= stage.WarmSince && write.Call.Ended < fault).ToList();
        var strong = log.Reads.Where(static read => read.IsStrong).ToList();
        var readsBefore = strong.Where(read => read.Call.IsDone && read.Call.Started >= stage.WarmSince && read.Call.Ended < fault).ToList();
        var all = log.Reads.Count(read => read.Call.Started >= stage.WarmSince && read.Call.Ended < fault) + before.Count;
        return new()
        {
            Name = stage.Name,
            Entities = stage.Plan.Targets.Length,
            Acknowledged = writes.Count(static write => write.Settled == CallOutcome.Done),
            Reads = log.Reads.Count,
            RatePerSecond = all / Math.Max(time.GetElapsedTime(stage.WarmSince, fault).TotalSeconds, 0.001),
            MedianWrite = Statistics.Percentile(before.Select(write => Statistics.LatencyOf(write.Call, time)), 0.5),
            MedianStrongRead = Statistics.Percentile(readsBefore.Select(read => Statistics.LatencyOf(read.Call, time)), 0.5),
            Failed = Failures(stage, writes, fault, isExpected),
            ReadsThatWentBack = log.Reads.Count(static read => read.WentBack),
            LongestWritePause = Statistics.LongestPause(
                writes.Where(write => !isExpected(write.Writer.Through, write.Call)).Select(static write => (write.Target, write.Call)), stage.WarmSince, until, time),
            LongestReadPause = Statistics.LongestPause(strong.Select(static read => (read.Target, read.Call)), stage.WarmSince, until, time),
        };
    }

    private static ImmutableArray<FailedCall> Failures(DrillStage stage, List<WriteRecord> writes, long fault, Func<int, CallResult, bool> isExpected) =>
    [
        .. writes.Select(static write => (What: "write", write.Target, write.Writer.Through, write.Call))
            .Concat(stage.Log.Reads.Select(static read => (What: read.IsStrong ? "strong read" : "local read", read.Target, read.Through, read.Call)))
            .Where(call => !call.Call.IsDone && !isExpected(call.Through, call.Call))
            .OrderBy(static call => call.Call.Started)
            .Select(call => new FailedCall(
                call.What, call.Target.Id, stage.World.Names[call.Through], call.Call.Describe(),
                stage.Time.GetElapsedTime(fault, call.Call.Started).TotalMilliseconds, Statistics.LatencyOf(call.Call, stage.Time).TotalMilliseconds)),
    ];
}
