using System.Collections.Immutable;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>What to send where, and what must come of it.</summary>
/// <param name="Writes">Per region, in the world's order, the writes that are sent through it.</param>
/// <param name="Expected">The totals of every airport.</param>
internal sealed record ReplayPlan(ImmutableArray<ImmutableArray<FlightWrite>> Writes, IReadOnlyDictionary<string, AirportTotals> Expected)
{
    public int WriteCount => Writes.Sum(static region => region.Length);

    /// <summary>Both writes of a flight go through the region in which its origin is homed.</summary>
    public static ReplayPlan Create(IReadOnlyList<FlightRecord> flights, IReadOnlyDictionary<string, double> longitudes, int regions)
    {
        var thirds = AirportThirds.Assign(longitudes);
        var writes = Enumerable.Range(0, regions).Select(static _ => ImmutableArray.CreateBuilder<FlightWrite>()).ToArray();
        for (var i = 0; i < flights.Count; i++)
        {
            // An origin that is not in the list is homed by hash, which only the world knows: any region routes its writes.
            var region = AirportThirds.RegionOf(thirds.GetValueOrDefault(flights[i].Origin), regions);
            var (departure, arrival) = FlightWrite.Of(flights[i], i);
            writes[region].Add(departure);
            writes[region].Add(arrival);
        }

        return new([.. writes.Select(static region => region.ToImmutable())], ExpectedTotals.Of(flights));
    }
}
