using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.Geo;

/// <summary><c>/v1/geo</c>: the world as this region knows it.</summary>
internal static class GeoWorldEndpoints
{
    public static void MapGeoWorld(this IEndpointRouteBuilder endpoints)
    {
        var geo = endpoints.MapGroup("/v1/geo").WithTags("Geo");

        geo.MapGet("/topology", static (IGeoWorld world) => TypedResults.Ok(GeoViews.Topology(world)))
            .WithName("getTopology").WithSummary("Regions, and the home of every shard").Describes(200, "The last known topology.");

        geo.MapGet("/regions", static (IGeoWorld world) => TypedResults.Ok(GeoViews.Regions(world)))
            .WithName("getRegions").WithSummary("Every region as seen from here").Describes(200, "State, round trip and lag of each.");
    }
}
