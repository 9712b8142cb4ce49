namespace OrleansGeo.World.Airports;

/// <summary>What an airport has counted.</summary>
/// <param name="Iata">The airport's IATA code.</param>
/// <param name="Departures">Flights that left.</param>
/// <param name="Arrivals">Flights that landed.</param>
/// <param name="DelayMinutes">Sum of the delays of the arrivals; early ones count negative.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.airports.totals")]
internal sealed record AirportTotals(
    [property: Id(0)] string Iata,
    [property: Id(1)] long Departures,
    [property: Id(2)] long Arrivals,
    [property: Id(3)] long DelayMinutes);
