namespace OrleansGeo.World.Airports;

/// <inheritdoc cref="IAirport"/>
/// <remarks>Recording a flight twice counts it twice: it is the request id of the caller (<c>Idempotency-Key</c>) that makes it count once.</remarks>
[GeoGrain(Durability.Quorum, HomePolicy = typeof(AirportHomePolicy)), GrainType("airport")]
internal sealed class Airport([PersistentState("airport", "geo")] IPersistentState<AirportState> airport) : Grain, IAirport
{
    public async ValueTask<AirportTotals> RecordDeparture(FlightRecord flight)
    {
        airport.State.Departures++;
        await airport.WriteStateAsync();
        return Totals();
    }

    public async ValueTask<AirportTotals> RecordArrival(FlightRecord flight)
    {
        airport.State.Arrivals++;
        airport.State.DelayMinutes += flight.Delay;
        await airport.WriteStateAsync();
        return Totals();
    }

    public ValueTask<AirportTotals?> View() => new(airport.RecordExists ? Totals() : null);

    private AirportTotals Totals() =>
        new(this.GetPrimaryKeyString(), airport.State.Departures, airport.State.Arrivals, airport.State.DelayMinutes);
}
