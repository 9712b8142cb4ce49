namespace OrleansGeo.World.Airports;

/// <summary>What an airport remembers.</summary>
[GenerateSerializer, Alias("orleansgeo.airports.state")]
internal sealed class AirportState
{
    [Id(0)]
    public long Departures { get; set; }

    [Id(1)]
    public long Arrivals { get; set; }

    [Id(2)]
    public long DelayMinutes { get; set; }
}
