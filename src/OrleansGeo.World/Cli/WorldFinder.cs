using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary>Finds the running world that a command is meant for: by <c>--world</c>, else the one started last.</summary>
internal static class WorldFinder
{
    /// <summary>The world's ready file.</summary>
    /// <exception cref="WorldException">No world runs on this machine.</exception>
    public static string ReadyFile(string? option) => option ?? Last().ReadyFiles[0];

    /// <summary>The world itself.</summary>
    /// <exception cref="WorldException">The world is not running, or not on this machine for this user.</exception>
    public static RunningWorld Find(string? option) =>
        option is null ? Last()
        : WorldRegistry.FindByReadyFile(option)
            ?? throw WorldException.Usage($"No world that runs on this machine has the ready file '{option}': start one with 'run --ready-file {option}'.");

    private static RunningWorld Last() =>
        WorldRegistry.FindLast() ?? throw WorldException.Usage("No world runs on this machine: start one with 'run', or name its ready file with --world.");
}
