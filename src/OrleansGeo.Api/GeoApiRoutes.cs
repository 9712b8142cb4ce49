using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Counters;
using OrleansGeo.Api.Documents;
using OrleansGeo.Api.Events;
using OrleansGeo.Api.Geo;
using OrleansGeo.Api.Health;
using OrleansGeo.Api.LostWrites;
using OrleansGeo.Api.Maps;
using OrleansGeo.Api.Sets;

namespace OrleansGeo.Api;

/// <summary>Maps the web API.</summary>
public static class GeoApiRoutes
{
    /// <summary>Documents, counters, sets and maps, the world and what operators do to it, health, and <c>/openapi/v1.json</c>. Endpoints of the same application that are mapped elsewhere are described there too.</summary>
    public static IEndpointRouteBuilder MapGeoApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDocuments();
        endpoints.MapCounters();
        endpoints.MapSets();
        endpoints.MapMaps();
        endpoints.MapGeoWorld();
        endpoints.MapHomes();
        endpoints.MapRegionVerbs();
        endpoints.MapLostWrites();
        endpoints.MapEvents();
        endpoints.MapHealth();
        endpoints.MapOpenApi();
        return endpoints;
    }
}
