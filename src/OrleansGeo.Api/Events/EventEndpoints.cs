using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.Events;

/// <summary><c>/v1/geo/events</c>: what happens to the world from now on, as server-sent events.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/v1/geo/events", Watch)
        .WithTags("Geo").WithName("watchEvents").WithSummary("What happens to the world from now on, as this region sees it")
        .Produces<EventView>(StatusCodes.Status200OK, EventStreamResult.ContentType)
        .Describes(200, "Server-sent events until the client leaves; the event's name is its type, its data JSON. A reader that is too slow misses the oldest.")
        .Fails(ProblemKinds.TooManyRequests);

    private static EventStreamResult Watch(
        [FromServices] IGeoAdmin admin, [FromServices] EventStreams streams, [FromServices] IHostApplicationLifetime host, [FromServices] TimeProvider time) =>
        new(admin, streams, time, host.ApplicationStopping);
}
