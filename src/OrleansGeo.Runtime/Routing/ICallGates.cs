namespace OrleansGeo.Runtime.Routing;

/// <summary>The gates of a silo, as the router sees them. A plain client has none.</summary>
internal interface ICallGates
{
    /// <summary>The running code is of a geo activation that makes way for another one.</summary>
    bool IsGivenUp { get; }
}
