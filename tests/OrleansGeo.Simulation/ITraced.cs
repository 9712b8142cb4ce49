namespace OrleansGeo.Simulation;

/// <summary>What writes lines to the trace of its world.</summary>
internal interface ITraced
{
    bool IsTracing { get; }
}
