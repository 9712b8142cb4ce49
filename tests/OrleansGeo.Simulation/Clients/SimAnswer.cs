namespace OrleansGeo.Simulation.Clients;

/// <summary>A home's answer to one attempt.</summary>
internal enum SimAnswer
{
    Done,

    /// <summary>It may have happened, and may yet.</summary>
    Unknown,

    /// <summary>This region is not home, or not ready, or its shard is full: this attempt did nothing.</summary>
    Refused,
}
