namespace OrleansGeo.Tests.World.Replay;

/// <summary>A test on real flights: skipped, with the reason, where they cannot be fetched.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlightFactAttribute : FactAttribute
{
    public FlightFactAttribute() => Skip = FlightData.Missing;
}
