using System.CommandLine;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;
using OrleansGeo.World.Replay;

namespace OrleansGeo.World.Cli;

/// <summary><c>replay flights FILE --airports FILE</c>.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(10);

    public static Command Create() => new("replay", "Send real records through the running world and verify every total.") { CreateFlights() };

    private static Command CreateFlights()
    {
        var file = new Argument<string>("FILE") { Description = "The flights, as JSON." };
        var airports = new Option<string>("--airports") { Description = "The airports, as CSV with the columns iata and longitude.", HelpName = "FILE", Required = true };
        var deadline = new Option<TimeSpan>("--deadline")
        {
            Description = "How long writing and verifying may take, such as 90s or 10m. Default: 10m.",
            HelpName = "TIME",
            CustomParser = static result => OptionParsing.Parse(result, ShortTime.Parse),
            DefaultValueFactory = static _ => DefaultDeadline,
        };
        var world = WorldOption.Create();
        var command = new Command("flights", "Record every flight at its origin and its destination.") { file, airports, deadline, world };
        command.SetAction((result, _) => RunAsync(
            result.GetRequiredValue(file), result.GetRequiredValue(airports), result.GetValue(deadline), result.GetValue(world), TimeProvider.System));
        return command;
    }

    private static async Task<int> RunAsync(string flights, string airports, TimeSpan deadline, string? worldOption, TimeProvider time)
    {
        using var termination = new Termination();
        var regions = ReadyFile.Read(WorldFinder.ReadyFile(worldOption));
        var input = new ReplayInput(FlightsFile.Read(flights), AirportsFile.Read(airports), deadline);
        var progress = new ReplayConsole(time);
        progress.Say($"Replaying {input.Flights.Length} flights through {string.Join(", ", regions.Select(static region => region.Region))} …");
        var result = await FlightReplay.RunAsync(input, regions, progress, time, termination.Requested);
        ReplaySummary.Print(result);
        return result.IsRight ? ExitCodes.Success : ExitCodes.Failure;
    }
}
