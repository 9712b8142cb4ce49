using System.Runtime.InteropServices;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>What every airport must show once all flights are recorded exactly once.</summary>
internal static class ExpectedTotals
{
    /// <returns>One entry per airport that occurs, in the order of their codes.</returns>
    public static SortedDictionary<string, AirportTotals> Of(IEnumerable<FlightRecord> flights)
    {
        var totals = new Dictionary<string, AirportTotals>(StringComparer.Ordinal);
        foreach (var flight in flights)
        {
            ref var origin = ref Slot(totals, flight.Origin);
            origin = origin with { Departures = origin.Departures + 1 };
            ref var destination = ref Slot(totals, flight.Destination);
            destination = destination with { Arrivals = destination.Arrivals + 1, DelayMinutes = destination.DelayMinutes + flight.Delay };
        }

        return new(totals, StringComparer.Ordinal);
    }

    private static ref AirportTotals Slot(Dictionary<string, AirportTotals> totals, string iata)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, iata, out _);
        slot ??= new(iata, 0, 0, 0);
        return ref slot!;
    }
}
