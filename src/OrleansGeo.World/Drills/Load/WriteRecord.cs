using OrleansGeo.World.Drills.Calls;

namespace OrleansGeo.World.Drills.Load;

/// <summary>One write of the load.</summary>
/// <param name="Writer">Who wrote.</param>
/// <param name="Sequence">What.</param>
/// <param name="Call">The answer that the caller got.</param>
internal sealed record WriteRecord(DrillWriter Writer, long Sequence, CallResult Call)
{
    public DrillTarget Target => Writer.Target;

    public string Key => Writer.KeyOf(Sequence);

    /// <summary>What is known in the end: a write of unknown outcome is repeated with its key, for the audit.</summary>
    public CallOutcome Settled { get; set; } = Call.Outcome;
}
