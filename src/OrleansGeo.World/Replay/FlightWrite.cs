using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>One request of the replay: a departure or an arrival.</summary>
/// <param name="Path">Where it is posted.</param>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Body">The flight record as JSON.</param>
internal sealed record FlightWrite(string Path, string Key, byte[] Body)
{
    /// <summary>
    /// The flight's departure and its arrival. The keys depend on nothing but the flight and its place in the file, so that a repeated
    /// replay repeats the same requests.
    /// </summary>
    public static (FlightWrite Departure, FlightWrite Arrival) Of(FlightRecord flight, int index)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(flight, JsonSerializerOptions.Web);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{flight.Date}|{flight.Delay}|{flight.Distance}|{flight.Origin}|{flight.Destination}");
        var key = string.Create(CultureInfo.InvariantCulture, $"flight-{index}-{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)):x16}");
        return (
            new($"/v1/airports/{flight.Origin}/departures", $"{key}-departure", body),
            new($"/v1/airports/{flight.Destination}/arrivals", $"{key}-arrival", body));
    }
}
