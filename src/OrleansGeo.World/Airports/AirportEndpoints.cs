using Microsoft.AspNetCore.Mvc;
using OrleansGeo.Api;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.World.Airports;

/// <summary>The web API of the sample: departures, arrivals and totals of an airport.</summary>
/// <remarks><c>WithGeo</c> is all that makes them speak the headers and errors of OrleansGeo's own endpoints.</remarks>
internal static class AirportEndpoints
{
    public static void MapAirports(this IEndpointRouteBuilder app)
    {
        var airports = app.MapGroup("/v1/airports/{iata}").WithTags("Airports").WithGeo();

        airports.MapPost("/departures", RecordDeparture).WithName("recordDeparture")
            .WithSummary("Record a flight that left this airport, once per Idempotency-Key")
            .TakesBody(JsonBody.Json).Answers(200, "The airport's totals.").Fails(ProblemKinds.InvalidDocument);

        airports.MapPost("/arrivals", RecordArrival).WithName("recordArrival")
            .WithSummary("Record a flight that landed at this airport, once per Idempotency-Key")
            .TakesBody(JsonBody.Json).Answers(200, "The airport's totals.").Fails(ProblemKinds.InvalidDocument);

        airports.MapGet("", View).WithName("getAirport").WithSummary("The airport's totals")
            .Answers(200, "The totals.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound);
    }

    private static Task<IResult> RecordDeparture(string iata, HttpContext http, [FromServices] IGrainFactory grains) =>
        RecordAsync(iata, http, "origin", static flight => flight.Origin, flight => grains.GetGrain<IAirport>(iata).RecordDeparture(flight));

    private static Task<IResult> RecordArrival(string iata, HttpContext http, [FromServices] IGrainFactory grains) =>
        RecordAsync(iata, http, "destination", static flight => flight.Destination, flight => grains.GetGrain<IAirport>(iata).RecordArrival(flight));

    private static async Task<IResult> View(string iata, [FromServices] IGrainFactory grains)
    {
        if (!IataCode.IsValid(iata))
        {
            return new Problem(ProblemKinds.InvalidKey, InvalidCode(iata));
        }

        return await grains.GetGrain<IAirport>(iata).View() is { } totals
            ? Results.Ok(totals)
            : new Problem(
                ProblemKinds.NotFound, $"No flight was ever recorded at airport '{iata}': post one to /v1/airports/{iata}/departures or /arrivals.");
    }

    private static async Task<IResult> RecordAsync(
        string iata, HttpContext http, string end, Func<FlightRecord, string> airportOf, Func<FlightRecord, ValueTask<AirportTotals>> record)
    {
        if (!IataCode.IsValid(iata))
        {
            return new Problem(ProblemKinds.InvalidKey, InvalidCode(iata));
        }

        if (!(await JsonBody.ReadAsync(http, JsonBody.Json)).TryGet(out var body, out var problem))
        {
            return problem;
        }

        var (flight, error) = FlightRecordReader.Read(body);
        if (flight is null)
        {
            return new Problem(
                ProblemKinds.InvalidDocument, $"The body is not a flight record: {error}. Send {{\"date\",\"delay\",\"distance\",\"origin\",\"destination\"}}.");
        }

        return airportOf(flight) == iata
            ? Results.Ok(await record(flight))
            : new Problem(
                ProblemKinds.InvalidDocument, $"The flight's {end} is '{airportOf(flight)}', not '{iata}': post it to /v1/airports/{airportOf(flight)}.");
    }

    private static string InvalidCode(string iata) => $"'{iata}' is not an airport code: it has 3 or 4 characters A-Z and 0-9.";
}
