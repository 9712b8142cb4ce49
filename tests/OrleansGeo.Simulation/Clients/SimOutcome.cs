namespace OrleansGeo.Simulation.Clients;

/// <summary>What a client was told in the end.</summary>
internal enum SimOutcome
{
    Pending,
    Acknowledged,

    /// <summary>An error that promises that nothing happened.</summary>
    DidNotHappen,

    /// <summary>The deadline passed while some attempt's outcome was unknown.</summary>
    Unknown,
}
