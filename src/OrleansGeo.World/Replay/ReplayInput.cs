using System.Collections.Immutable;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>What is to be replayed.</summary>
/// <param name="Flights">In the order of the file.</param>
/// <param name="Longitudes">Of the airports.</param>
/// <param name="Deadline">For everything: writing and verifying.</param>
internal sealed record ReplayInput(ImmutableArray<FlightRecord> Flights, IReadOnlyDictionary<string, double> Longitudes, TimeSpan Deadline)
{
    /// <summary>How long a region may take to catch up, or to come back, before its reads count as wrong. Default: 60 s.</summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(60);
}
