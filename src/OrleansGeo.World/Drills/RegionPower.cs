using System.Diagnostics;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills;

/// <summary>The processes of a world that runs on this machine.</summary>
internal sealed class RegionPower(RunningWorld world) : IRegionPower
{
    public void EnsureCanKill(string region) => Find(region).Dispose();

    public void Kill(string region)
    {
        using var process = Find(region);
        process.Kill();
    }

    public async Task StartAsync(string region, CancellationToken cancellationToken)
    {
        var answer = await ControlClient.StartRegionAsync(world, region, cancellationToken);
        if (!answer.Done)
        {
            throw new WorldException(answer.Message, answer.ExitCode);
        }
    }

    /// <summary>The ready file is read anew: a region that was started again has another process. A process id is used again: it must be that region's.</summary>
    private Process Find(string region)
    {
        var ready = ReadyFile.Read(world.ReadyFiles[0]).Single(ready => ready.Region == region);
        if (ready.ProcessId == world.ProcessId)
        {
            throw WorldException.Usage("The regions of this world share one process, so none can be killed alone: run it without --in-process.");
        }

        try
        {
            var process = Process.GetProcessById(ready.ProcessId);
            if (IsRegion(ready.ProcessId, region))
            {
                return process;
            }

            process.Dispose();
        }
        catch (ArgumentException)
        {
            // There is no such process.
        }

        throw WorldException.Usage($"Process {ready.ProcessId} is not {region} any more: start the region with: {SelfCommand.Hint($"start {region}")}");
    }

    private static bool IsRegion(int processId, string region)
    {
        var commandLine = $"/proc/{processId}/cmdline";
        return !File.Exists(commandLine) || File.ReadAllText(commandLine).Contains($"\0region\0{region}\0", StringComparison.Ordinal);
    }
}
