namespace OrleansGeo.Protocol.Homes;

/// <summary>The rules of a home that a run goes without, to show that a checker notices; all hold otherwise.</summary>
internal sealed record HomeRules
{
    public static HomeRules All { get; } = new();

    /// <summary>Every epoch but a world's first begins with an entry of its own.</summary>
    public bool BeginsEpoch { get; init; } = true;

    /// <summary>A checkpoint goes no further than <see cref="HomeLog.CheckpointTarget"/>; otherwise as far as the log is stored.</summary>
    public bool BoundsCheckpoint { get; init; } = true;

    /// <summary>The log is trimmed no further than <see cref="HomeLog.TrimTarget"/>; otherwise as far as it is stored.</summary>
    public bool BoundsTrim { get; init; } = true;
}
