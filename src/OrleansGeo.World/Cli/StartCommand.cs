using System.CommandLine;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary><c>start REGION</c>: has the running world start a region that is down.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var region = new Argument<string>("region") { Description = "The region to start." };
        var world = WorldOption.Create();
        var command = new Command("start", "Start a region of the running world that is down, and wait until it serves.") { region, world };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetRequiredValue(region), result.GetValue(world), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string region, string? worldOption, CancellationToken cancellationToken)
    {
        var world = WorldFinder.Find(worldOption);
        var known = ReadyFile.Read(world.ReadyFiles[0]);
        if (!known.Any(ready => ready.Region == region))
        {
            throw WorldException.Usage(RegionNames.Unknown(region, known.Select(static ready => ready.Region)));
        }

        var answer = await ControlClient.StartRegionAsync(world, region, cancellationToken);
        if (!answer.Done)
        {
            throw new WorldException(answer.Message, answer.ExitCode);
        }

        WorldConsole.Say(answer.Message);
        return ExitCodes.Success;
    }
}
