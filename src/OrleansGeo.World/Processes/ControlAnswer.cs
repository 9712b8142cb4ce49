namespace OrleansGeo.World.Processes;

/// <summary>What the running world answers to a command.</summary>
/// <param name="Done">It was carried out, or there was nothing to do.</param>
/// <param name="Message">One line for the person.</param>
/// <param name="ExitCode">Of the program that gave the command.</param>
internal sealed record ControlAnswer(bool Done, string Message, int ExitCode);
