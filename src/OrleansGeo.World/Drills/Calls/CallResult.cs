using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.World.Drills.Calls;

/// <summary>One request and what came of it. Times are timestamps of the drill's clock.</summary>
internal sealed record CallResult
{
    public const string NoAnswer = "NoAnswer";

    public required CallOutcome Outcome { get; init; }

    public required long Started { get; init; }

    public required long Ended { get; init; }

    /// <summary>0 when there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>The code of the problem, <see cref="NoAnswer"/>, or nothing.</summary>
    public string Code { get; init; } = "";

    public bool HasRetryAfter { get; init; }

    public long Epoch { get; init; }

    public RecordVersion Version { get; init; }

    public byte[] Body { get; init; } = [];

    public bool IsDone => Outcome == CallOutcome.Done;

    /// <summary>For messages.</summary>
    public string Describe() => IsDone ? "answered" : Status == 0 ? "no answer" : $"{Status} {Code}";
}
