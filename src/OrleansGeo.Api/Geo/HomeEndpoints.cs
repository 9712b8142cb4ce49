using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;

namespace OrleansGeo.Api.Geo;

/// <summary><c>/v1/geo/homes</c> and <c>/v1/geo/pins</c>: where single entities are at home, and moving them.</summary>
internal static class HomeEndpoints
{
    private const string Document = "/homes/documents/{collection}/{id}";
    private const string Grain = "/homes/{type}/{id}";

    public static void MapHomes(this IEndpointRouteBuilder endpoints)
    {
        var geo = endpoints.MapGroup("/v1/geo").WithTags("Geo");

        geo.MapGet(Document, static (string collection, string id, HttpContext http) => HomeRequest.OfDocument(http, collection, id).GetAsync())
            .WithName("getDocumentHome").WithSummary("Where a document is at home").Finds();

        geo.MapGet(Grain, static (string type, string id, HttpContext http) => HomeRequest.OfGrain(http, type, id).GetAsync())
            .WithName("getHome").WithSummary("Where an entity is at home, by grain type and key").Finds();

        geo.MapPut(Document, static (string collection, string id, HttpContext http) => HomeRequest.OfDocument(http, collection, id).PinAsync())
            .WithName("pinDocument").WithSummary("Move a document to a region, online").Pins();

        geo.MapPut(Grain, static (string type, string id, HttpContext http) => HomeRequest.OfGrain(http, type, id).PinAsync())
            .WithName("pin").WithSummary("Move an entity to a region, online").Pins();

        geo.MapDelete(Document, static (string collection, string id, HttpContext http) => HomeRequest.OfDocument(http, collection, id).UnpinAsync())
            .WithName("unpinDocument").WithSummary("Move a document back to where its key belongs, online").Moves();

        geo.MapDelete(Grain, static (string type, string id, HttpContext http) => HomeRequest.OfGrain(http, type, id).UnpinAsync())
            .WithName("unpin").WithSummary("Move an entity back to where its key belongs, online").Moves();

        geo.MapGet("/pins", PinsRequest.GetAsync)
            .WithName("getPins").WithSummary("The entities that are pinned, by pages")
            .Produces<PinsView>().Describes(200, "A page; `next` is to be sent as `after` for the next one, and is null on the last.").Fails(ProblemKinds.InvalidRequest);
    }

    private static RouteHandlerBuilder Finds(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<HomeView>().Describes(200, "Its shard and home, as this region knows by now.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound, ProblemKinds.HomeUnavailable);

    private static RouteHandlerBuilder Moves(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<HomeView>().Describes(200, "It is there. No request failed, and no other entity waited.")
        .Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidArgument, ProblemKinds.NotFound, ProblemKinds.DeadlineExceeded);

    private static void Pins(this RouteHandlerBuilder endpoint) => endpoint.Moves()
        .Fails(ProblemKinds.InvalidDocument, ProblemKinds.UnknownRegion, ProblemKinds.Draining, ProblemKinds.HomeUnavailable, ProblemKinds.UnsupportedMediaType);
}
