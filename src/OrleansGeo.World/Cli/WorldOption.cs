using System.CommandLine;

namespace OrleansGeo.World.Cli;

/// <summary><c>--world</c>, of every command that works on a running world.</summary>
internal static class WorldOption
{
    public static Option<string?> Create() => new("--world")
    {
        Description = "The ready file of the running world. Default: the world started last on this machine.",
        HelpName = "READY_FILE",
    };
}
