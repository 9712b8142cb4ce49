using System.CommandLine;
using System.Text.Json;
using OrleansGeo.Storage;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary><c>region</c>, hidden: the process of one region. Its standard input is one line of configuration, then its parent's pulse.</summary>
internal static class RegionCommand
{
    /// <summary>Longer than the world waits, so that this matters only when the world is gone.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "For process lists; the configuration says which region it is." };
        var command = new Command("region", "The process of one region; 'run' starts it.") { name };
        command.Hidden = true;
        command.SetAction((_, _) => RunAsync(TimeProvider.System));
        return command;
    }

    private static async Task<int> RunAsync(TimeProvider time)
    {
        using var termination = Termination.OfRegion();
        using var interrupt = Termination.IgnoreInterrupt();
        using var parent = new ParentWatch(Console.OpenStandardInput());
        var config = parent.ReadLine() is { } line ? JsonSerializer.Deserialize<RegionConfig>(line) : null;
        if (config is null)
        {
            throw WorldException.Usage("'region' takes its configuration from the world: use 'run'.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(termination.Requested, parent.Watch());
        try
        {
            var host = await RegionHost.StartAsync(config, stop.Token);
            await WaitAsync(stop.Token);
            await host.DisposeAsync().AsTask().WaitAsync(StopTimeout, time, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it started.
        }
        catch (RegionStoreException exception)
        {
            throw WorldException.Failure(exception.Message);
        }

        return ExitCodes.Success;
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
