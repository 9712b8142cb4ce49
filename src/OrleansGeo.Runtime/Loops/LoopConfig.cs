namespace OrleansGeo.Runtime.Loops;

/// <summary>What a <see cref="BackgroundLoop"/> is called, what is missing while it fails, and how soon it tries again.</summary>
internal sealed record LoopConfig
{
    /// <summary>Of the kind: many loops may have the same one. A tag of the metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the loops of this name: a peer, a shard. Empty: there is one.</summary>
    public string Of { get; init; } = "";

    /// <summary>What does not happen while it fails, as the end of a sentence that begins "Until it works again, ".</summary>
    public required string Effect { get; init; }

    /// <summary>The pause after the first failure; it doubles with each that follows. Default 100 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause. Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures that pass sooner than this are told of at the level Debug only: what happens whenever something moves or starts. Default none.</summary>
    public TimeSpan Tolerance { get; init; }

    /// <summary>The name of this one, for logs.</summary>
    public string FullName => Of.Length == 0 ? Name : $"{Name} {Of}";
}
