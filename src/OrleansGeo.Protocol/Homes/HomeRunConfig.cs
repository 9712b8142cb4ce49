namespace OrleansGeo.Protocol.Homes;

/// <summary>How a home came to be, how patient it is with its store, and when it tidies up.</summary>
internal sealed record HomeRunConfig
{
    /// <summary>The home before handed over all that there is: requests are taken as soon as the epoch has begun (<see cref="HomeLog.IsReady"/>).</summary>
    public bool IsHanded { get; init; }

    /// <summary>After an append whose outcome is not known. Each next time twice as long, up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A store that fails for longer has requests refused before they run.</summary>
    public TimeSpan RefusesAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many entries above the checkpoint are enough to move it.</summary>
    public int CheckpointEntries { get; init; } = 4096;

    /// <summary>After so long it is moved whatever there is.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal HomeRules Rules { get; init; } = HomeRules.All;
}
