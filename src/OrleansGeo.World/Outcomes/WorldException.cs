namespace OrleansGeo.World.Outcomes;

/// <summary>Ends the program with one line on standard error, which says what is wrong and what to do, and an exit code.</summary>
internal sealed class WorldException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The command cannot be carried out as given: options, ports, folders, files.</summary>
    public static WorldException Usage(string message) => new(message, ExitCodes.Usage);

    /// <summary>The command was right and failed.</summary>
    public static WorldException Failure(string message) => new(message, ExitCodes.Failure);
}
