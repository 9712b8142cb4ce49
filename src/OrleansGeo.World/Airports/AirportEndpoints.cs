using Microsoft.AspNetCore.Mvc;
using OrleansGeo.World.Hosting;

namespace OrleansGeo.World.Airports;

/// <summary>The web API of the sample: departures, arrivals and totals of an airport.</summary>
internal static class AirportEndpoints
{
    /// <summary>A flight record is about 100 bytes; more than this is not one.</summary>
    private const int MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapAirports(this IEndpointRouteBuilder app)
    {
        var airports = app.MapGroup("/v1/airports/{iata}").WithTags("Airports");
        airports.MapPost("/departures", RecordDeparture).WithSummary("Record a flight that left this airport, once per Idempotency-Key.");
        airports.MapPost("/arrivals", RecordArrival).WithSummary("Record a flight that landed at this airport, once per Idempotency-Key.");
        airports.MapGet("/", View).WithSummary("The airport's totals.");
        return airports;
    }

    private static Task<IResult> RecordDeparture(string iata, HttpRequest request, [FromServices] IGrainFactory grains) =>
        RecordAsync(iata, request, "origin", static flight => flight.Origin, flight => grains.GetGrain<IAirport>(iata).RecordDeparture(flight));

    private static Task<IResult> RecordArrival(string iata, HttpRequest request, [FromServices] IGrainFactory grains) =>
        RecordAsync(iata, request, "destination", static flight => flight.Destination, flight => grains.GetGrain<IAirport>(iata).RecordArrival(flight));

    private static async Task<IResult> View(string iata, [FromServices] IGrainFactory grains)
    {
        if (!IataCode.IsValid(iata))
        {
            return InvalidCode(iata);
        }

        return await grains.GetGrain<IAirport>(iata).View() is { } totals
            ? Results.Ok(totals)
            : GeoProblem.NotFound($"No flight was ever recorded at airport '{iata}'. Post one to /v1/airports/{iata}/departures or /arrivals.");
    }

    private static async Task<IResult> RecordAsync(
        string iata, HttpRequest request, string end, Func<FlightRecord, string> airportOf, Func<FlightRecord, ValueTask<AirportTotals>> record)
    {
        if (!IataCode.IsValid(iata))
        {
            return InvalidCode(iata);
        }

        if (await ReadBodyAsync(request) is not { } body)
        {
            return GeoProblem.TooLarge($"The body is larger than {MaxBodyBytes} bytes: send one flight record a request.");
        }

        var (flight, error) = FlightRecordReader.Read(body);
        if (flight is null)
        {
            return GeoProblem.InvalidDocument($"The body is not a flight record: {error}. Send {{\"date\",\"delay\",\"distance\",\"origin\",\"destination\"}}.");
        }

        return airportOf(flight) == iata
            ? Results.Ok(await record(flight))
            : GeoProblem.InvalidDocument($"The flight's {end} is '{airportOf(flight)}', not '{iata}': post it to /v1/airports/{airportOf(flight)}.");
    }

    /// <returns>Null when the body is too large.</returns>
    private static async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream(capacity: 256);
        var buffer = new byte[1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (body.Length + read > MaxBodyBytes)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static IResult InvalidCode(string iata) =>
        GeoProblem.InvalidDocument($"'{iata}' is not an airport code: it has 3 or 4 characters A-Z and 0-9.");
}
