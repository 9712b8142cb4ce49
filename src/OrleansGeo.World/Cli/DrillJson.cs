using System.Collections.Immutable;
using System.Text.Json;
using OrleansGeo.World.Drills;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary>The figures of a drill for programs. Times are milliseconds.</summary>
internal static class DrillJson
{
    private static readonly JsonSerializerOptions Writing = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Before the drill: its figures must not be lost to a file that cannot be written.</summary>
    /// <exception cref="WorldException">It cannot.</exception>
    public static void Prepare(string path) => TryWrite(path, "{}"u8.ToArray());

    public static void Write(string path, DrillReport report) => TryWrite(path, ToBytes(report));

    public static byte[] ToBytes(DrillReport report)
    {
        var (options, times) = (report.Options, report.RecoveryTimes.ToList());
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                drill = options.Kind.ToString().ToLowerInvariant(),
                region = options.Region,
                durability = options.Durability,
                world = report.World,
                passed = report.IsGood,
                goals = new { rtoMs = options.Rto.TotalMilliseconds, rpo = options.Rpo, deadlineMs = options.Deadline.TotalMilliseconds },
                recoveryMs = new
                {
                    shards = times.Count,
                    p50 = Statistics.Percentile(times, 0.5).TotalMilliseconds,
                    p99 = Statistics.Percentile(times, 0.99).TotalMilliseconds,
                    worst = Statistics.Percentile(times, 1).TotalMilliseconds,
                },
                lost = report.Runs.Sum(static run => run.Lost.Length),
                inLedger = report.Runs.Sum(static run => run.InLedger),
                failed = report.Runs.Sum(static run => run.Failed.Length),
                runs = report.Runs.Select(run => Run(run, options)),
            },
            Writing);
    }

    private static object Run(DrillRun run, DrillOptions options) => new
    {
        name = run.Name,
        missed = DrillGoals.Missed(run, options).ToImmutableArray(),
        entities = run.Entities,
        acknowledged = run.Acknowledged,
        reads = run.Reads,
        requestsPerSecond = run.RatePerSecond,
        medianWriteMs = run.MedianWrite.TotalMilliseconds,
        medianStrongReadMs = run.MedianStrongRead.TotalMilliseconds,
        recoveries = run.Recoveries.Select(static shard => new { shard = shard.Shard, ms = shard.Took?.TotalMilliseconds }),
        lost = run.Lost,
        inLedger = run.InLedger,
        failed = run.Failed,
        readsThatWentBack = run.ReadsThatWentBack,
        longestWritePause = Pause(run.LongestWritePause),
        longestReadPause = Pause(run.LongestReadPause),
        moves = run.Moves.Select(static move => new { entity = move.Entity, shard = move.Shard, ms = move.Took.TotalMilliseconds, boundMs = move.Bound.TotalMilliseconds }),
        refusals = run.Refusals,
        returnMs = run.Return?.TotalMilliseconds,
    };

    private static object Pause(EntityPause pause) => new { entity = pause.Entity, ms = pause.Took.TotalMilliseconds };

    private static void TryWrite(string path, byte[] content)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot write the figures to '{path}' ({exception.Message.TrimEnd('.')}): give --json a file in a folder that exists.");
        }
    }
}
