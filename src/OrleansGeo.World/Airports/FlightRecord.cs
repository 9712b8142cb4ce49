namespace OrleansGeo.World.Airports;

/// <summary>One flight, as the US Bureau of Transportation Statistics records it.</summary>
/// <param name="Date">Local time of departure, <c>2001/01/01 00:47</c>.</param>
/// <param name="Delay">Minutes late at the destination; negative when early.</param>
/// <param name="Distance">Miles.</param>
/// <param name="Origin">IATA code.</param>
/// <param name="Destination">IATA code.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.airports.flight")]
internal sealed record FlightRecord(
    [property: Id(0)] string Date,
    [property: Id(1)] int Delay,
    [property: Id(2)] int Distance,
    [property: Id(3)] string Origin,
    [property: Id(4)] string Destination);
