using Orleans.Concurrency;

namespace OrleansGeo.World.Airports;

/// <summary>Counts the flights of one airport. Its key is the IATA code.</summary>
/// <remarks>Plain Orleans: nothing here knows about regions. Calls that write go to the airport's home; <see cref="View"/> is answered in the caller's region.</remarks>
[Alias("orleansgeo.airports.airport"), GrainInterfaceType("orleansgeo.airports.airport")]
internal interface IAirport : IGrainWithStringKey
{
    /// <summary>Counts a flight that left here.</summary>
    [Alias("record-departure")]
    ValueTask<AirportTotals> RecordDeparture(FlightRecord flight);

    /// <summary>Counts a flight that landed here, and its delay.</summary>
    [Alias("record-arrival")]
    ValueTask<AirportTotals> RecordArrival(FlightRecord flight);

    /// <summary>The totals; null when no flight was ever recorded.</summary>
    [ReadOnly, Alias("view")]
    ValueTask<AirportTotals?> View();
}
