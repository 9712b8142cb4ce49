namespace OrleansGeo.World.Drills.Calls;

/// <summary>What a caller knows of its request.</summary>
internal enum CallOutcome
{
    /// <summary>Answered: a write is acknowledged.</summary>
    Done,

    /// <summary>Answered with an error that says that nothing happened.</summary>
    Refused,

    /// <summary>It may have happened: <c>DeadlineExceeded</c>, or no answer.</summary>
    Unknown,
}
