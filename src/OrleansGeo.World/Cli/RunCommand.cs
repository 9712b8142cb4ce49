using System.CommandLine;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary><c>run</c>: a world from now until Ctrl+C.</summary>
internal static class RunCommand
{
    /// <summary>Makes <paramref name="command"/> run a world: <c>run</c> itself, and the program without a command.</summary>
    public static Command Configure(Command command)
    {
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction((result, _) => RunAsync(options.Read(result), TimeProvider.System));
        return command;
    }

    private static async Task<int> RunAsync(WorldConfig config, TimeProvider time)
    {
        using var termination = new Termination();
        try
        {
            var started = time.GetTimestamp();
            WorldConsole.Say($"Starting {config.Places.Length} regions, data in {config.Data} …");
            await using var world = await RunningWorldHost.StartAsync(config, time, WorldConsole.Say, termination.Requested);
            WorldConsole.Out.Write(WorldTable.Create(world));
            WorldConsole.Say(FormattableString.Invariant($"Started in {time.GetElapsedTime(started).TotalSeconds:0.0} s."));
            await WorldStatus.ShowAsync(world.Supervisor, termination.Requested);
            WorldConsole.Say("Stopping …");
        }
        catch (OperationCanceledException) when (termination.Requested.IsCancellationRequested)
        {
            // Told to stop while it started: that is no failure.
        }

        WorldConsole.Say("The world has stopped.");
        return ExitCodes.Success;
    }
}
