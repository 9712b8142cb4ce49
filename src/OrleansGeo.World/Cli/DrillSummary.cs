using System.Globalization;
using OrleansGeo.World.Drills;
using OrleansGeo.World.Drills.Judging;
using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>What a drill prints at its end.</summary>
internal static class DrillSummary
{
    private const int MissedShown = 10;

    public static void Print(DrillReport report)
    {
        WorldConsole.Out.Write(Table(report));
        foreach (var line in Lines(report))
        {
            WorldConsole.Say(line);
        }
    }

    /// <summary>The distribution, what else there is to say of each run, and the verdict.</summary>
    public static IEnumerable<string> Lines(DrillReport report)
    {
        var times = report.RecoveryTimes.ToList();
        if (times.Count > 0)
        {
            yield return $"Recovery of {times.Count} shards in {report.Runs.Length} runs: p50 {Seconds(Statistics.Percentile(times, 0.5))} s, "
                + $"p99 {Seconds(Statistics.Percentile(times, 0.99))} s, worst {Seconds(times.Max())} s.";
        }

        foreach (var run in report.Runs)
        {
            foreach (var refusal in run.Refusals)
            {
                yield return $"{run.Name}: while it was cut off, {report.Options.Region} answered {refusal.Value} writes with {refusal.Key}.";
            }

            if (run.ReadsThatWentBack > 0 && !report.Options.IsQuorum)
            {
                yield return $"{run.Name}: {run.ReadsThatWentBack} local reads showed an older version than before, as writes of durability region may vanish.";
            }

            foreach (var missed in DrillGoals.Missed(run, report.Options).Take(MissedShown))
            {
                yield return $"{run.Name}: {missed}";
            }
        }

        var (kind, goals) = (report.Options.Kind.ToString().ToLowerInvariant(), report.Options.Kind == DrillKind.Switchover ? "" : $", --rto {Seconds(report.Options.Rto)}s");
        yield return report.IsGood
            ? $"Every goal of the drill {kind} {report.Options.Region} held (--durability {report.Options.Durability}, --rpo {report.Options.Rpo}{goals})."
            : $"The drill {kind} {report.Options.Region} missed goals (--durability {report.Options.Durability}, --rpo {report.Options.Rpo}{goals}).";
    }

    private static Table Table(DrillReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "Run", "Shards", report.Options.Kind == DrillKind.Switchover ? "Worst hold-up ms" : "Recovery p50 / worst s", "Acknowledged", "Lost", "In ledger", "Failed",
            "Write pause s", "Read pause s", "Write median ms", "Read median ms", "Requests/s", "Return s");
        foreach (var run in report.Runs)
        {
            table.AddRow(
                run.Name, Number(Shards(run)), report.Options.Kind == DrillKind.Switchover ? HoldUp(run) : Recovery(run),
                Number(run.Acknowledged), Number(run.Lost.Length), Number(run.InLedger), Number(run.Failed.Length),
                Seconds(run.LongestWritePause.Took), Seconds(run.LongestReadPause.Took),
                Number(run.MedianWrite.TotalMilliseconds), Number(run.MedianStrongRead.TotalMilliseconds), Number(run.RatePerSecond),
                run.Return is { } took ? Seconds(took) : "-");
        }

        return table;
    }

    private static int Shards(DrillRun run) => run.Recoveries.IsEmpty ? run.Moves.Select(static move => move.Shard).Distinct().Count() : run.Recoveries.Length;

    private static string Recovery(DrillRun run)
    {
        var times = run.Recoveries.Where(static shard => shard.Took is not null).Select(static shard => shard.Took!.Value).ToList();
        var figures = times.Count == 0 ? "-" : $"{Seconds(Statistics.Percentile(times, 0.5))} / {Seconds(times.Max())}";
        return times.Count == run.Recoveries.Length ? figures : $"{figures}, {run.Recoveries.Length - times.Count} not";
    }

    private static string HoldUp(DrillRun run) => run.Moves.MaxBy(static move => move.Took - move.Bound) is { } worst
        ? $"{Number(worst.Took.TotalMilliseconds)} of {Number(worst.Bound.TotalMilliseconds)}"
        : "-";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
