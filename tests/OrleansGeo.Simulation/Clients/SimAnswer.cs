namespace OrleansGeo.Simulation.Clients;

/// <summary>A region's answer to one attempt.</summary>
internal enum SimAnswer
{
    Done,

    /// <summary>It may have happened, and may yet.</summary>
    Unknown,

    /// <summary>This region is not home, or not ready, or its shard is full: this attempt did nothing.</summary>
    Refused,

    /// <summary>The entity is in another shard. Nothing happened.</summary>
    Moved,

    /// <summary>This region does not show what the session saw yet.</summary>
    Behind,

    /// <summary>What the session saw is in no log any more. Nothing happened.</summary>
    Lost,
}
