using System.CommandLine;
using System.Globalization;
using OrleansGeo.World.Drills;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary><c>drill kill|partition|switchover REGION</c>.</summary>
internal static class DrillCommand
{
    private const int MaxRuns = 1000;
    private const int MaxRate = 10_000;

    public static Command Create() => new("drill", "Do something bad to a region of the running world under load, and measure what it costs.")
    {
        Create(DrillKind.Kill, "kill", "Kill a region's process, bring it back, and audit every acknowledged write."),
        Create(DrillKind.Partition, "partition", "Cut a region off from all others, heal, and audit every acknowledged write."),
        Create(DrillKind.Switchover, "switchover", "Drain a region and restore it: no request may fail."),
    };

    private static Command Create(DrillKind kind, string name, string description)
    {
        var region = new Argument<string>("REGION") { Description = "The region." };
        var durability = Option("--durability", "quorum|region", "What the load writes to. Default: quorum.", DrillOptions.Quorum, ParseDurability);
        var runs = Option("--runs", "N", $"How often, 1 to {MaxRuns}. Default: 1.", 1, static text => ParseNumber("--runs", text, 1, MaxRuns));
        var rto = Option("--rto", "TIME", "The goal for the recovery time of every shard. Default: 8s.", TimeSpan.FromSeconds(8), ShortTime.Parse);
        var rpo = Option("--rpo", "N", "The goal for the number of lost acknowledged writes. Default: 0.", 0, static text => ParseNumber("--rpo", text, 0, int.MaxValue));
        var deadline = Option("--deadline", "TIME", "The deadline of every request. Default: 15s.", TimeSpan.FromSeconds(15), ShortTime.Parse);
        var rate = Option("--rate", "N", "Requests per second of the load. Default: 200.", 200, static text => ParseNumber("--rate", text, 1, MaxRate));
        var json = new Option<string?>("--json") { Description = "A file for the figures, as JSON.", HelpName = "FILE" };
        var world = WorldOption.Create();
        var command = new Command(name, description) { region, durability, rto, rpo, deadline, runs, rate, json, world };
        command.SetAction((result, _) => RunAsync(
            new()
            {
                Kind = kind,
                Region = result.GetRequiredValue(region),
                Durability = result.GetRequiredValue(durability),
                Runs = result.GetValue(runs),
                Rto = result.GetValue(rto),
                Rpo = result.GetValue(rpo),
                Deadline = result.GetValue(deadline),
                Rate = result.GetValue(rate),
            },
            result.GetValue(world),
            result.GetValue(json),
            TimeProvider.System));
        return command;
    }

    private static async Task<int> RunAsync(DrillOptions options, string? worldOption, string? json, TimeProvider time)
    {
        using var termination = new Termination();
        if (json is not null)
        {
            DrillJson.Prepare(json);
        }

        // Only killing needs more of the world than its web APIs.
        var power = options.Kind == DrillKind.Kill ? new RegionPower(WorldFinder.Find(worldOption)) : null;
        var readyFile = WorldFinder.ReadyFile(worldOption);
        var runner = new DrillRunner(() => ReadyFile.Read(readyFile), power, new DrillConsole(), time);
        var report = await runner.RunAsync(options, termination.Requested);
        if (json is not null)
        {
            DrillJson.Write(json, report);
        }

        DrillSummary.Print(report);
        return report.IsGood ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static Option<T> Option<T>(string name, string help, string description, T otherwise, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result => OptionParsing.Parse(result, parse),
        DefaultValueFactory = _ => otherwise,
    };

    private static string ParseDurability(string text) => text is DrillOptions.Quorum or DrillOptions.RegionDurability
        ? text
        : throw WorldException.Usage($"--durability '{text}' is unknown: use quorum or region.");

    private static int ParseNumber(string option, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw WorldException.Usage($"{option} '{text}' is not a number from {min} to {max}.");
}
