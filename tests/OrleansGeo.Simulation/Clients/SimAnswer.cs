namespace OrleansGeo.Simulation.Clients;

/// <summary>A home's answer to one attempt.</summary>
internal enum SimAnswer
{
    Done,

    /// <summary>This region is not home, or not ready, or its shard is full: this attempt did nothing.</summary>
    Refused,
}
