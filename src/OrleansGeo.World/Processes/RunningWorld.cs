namespace OrleansGeo.World.Processes;

/// <summary>What other commands must know of a running world.</summary>
/// <param name="ProcessId">The process of <c>run</c>.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="Data">Full path of its data folder.</param>
/// <param name="ReadyFiles">Full paths of its ready files, the one to read first.</param>
/// <param name="ControlUrl">Where it listens for commands, on loopback.</param>
/// <param name="ControlKey">What a command must show.</param>
internal sealed record RunningWorld(
    int ProcessId, DateTimeOffset StartedAt, string Data, IReadOnlyList<string> ReadyFiles, string ControlUrl, string ControlKey);
