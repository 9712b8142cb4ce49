using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>The console, wide enough for one line to be one line when the output goes to a file.</summary>
internal static class WorldConsole
{
    private const int WidthOfFile = 200;

    /// <summary>A person looks at it: show things that move.</summary>
    public static bool IsLive { get; } = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    public static IAnsiConsole Out { get; } = Create();

    /// <summary>A line as it is, without mark-up.</summary>
    public static void Say(string line) => Out.WriteLine(line);

    private static IAnsiConsole Create()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfFile;
        }

        return AnsiConsole.Console;
    }
}
