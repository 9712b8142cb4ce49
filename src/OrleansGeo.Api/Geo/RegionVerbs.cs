using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Api.Geo;

/// <summary><c>/v1/geo/regions/{region}</c>: what operators do to a region. Each verb can be repeated, and is given to any region.</summary>
internal static class RegionVerbs
{
    private const string TopologyPath = "/v1/geo/topology";

    public static void MapRegionVerbs(this IEndpointRouteBuilder endpoints)
    {
        var region = endpoints.MapGroup("/v1/geo/regions/{region}").WithTags("Geo");

        region.MapPost("/drain", Drain).WithName("drainRegion").WithSummary("Move every home away from a region, planned")
            .Decides("Its homes are moving away: no request fails, nothing is lost.", ProblemKinds.LastRegion);

        region.MapPost("/restore", Restore).WithName("restoreRegion").WithSummary("Give a region its preferred homes back, planned")
            .Decides("It gets its preferred homes back as soon as it has caught up.");

        region.MapPost("/failover", Failover).WithName("failOverRegion").WithSummary("Promote a region's homes elsewhere, forced")
            .Decides("Its homes are promoted elsewhere once its lease has ended; what it had not replicated is kept in the ledger.", ProblemKinds.LastRegion);
    }

    private static RouteHandlerBuilder Decides(this RouteHandlerBuilder endpoint, string text, params ProblemKind[] kinds) => endpoint
        .Produces<RegionVerbView>(StatusCodes.Status202Accepted).Describes(StatusCodes.Status202Accepted, text)
        .Fails([ProblemKinds.UnknownRegion, ProblemKinds.RegionIsolated, .. kinds]);

    private static Task<IResult> Drain(string region, [FromServices] IGeoAdmin admin, IGeoWorld world, CancellationToken cancellationToken) => DecideAsync(
        region, "drain", "its homes move away, planned; nothing comes back until it is restored", world, admin.DrainAsync, cancellationToken);

    private static Task<IResult> Restore(string region, [FromServices] IGeoAdmin admin, IGeoWorld world, CancellationToken cancellationToken) => DecideAsync(
        region, "restore", "it gets its preferred homes back, planned, as soon as it has caught up", world, admin.RestoreAsync, cancellationToken);

    private static Task<IResult> Failover(string region, [FromServices] IGeoAdmin admin, IGeoWorld world, CancellationToken cancellationToken) => DecideAsync(
        region, "failover", "its homes are promoted elsewhere once its lease has ended; it stays drained until it is restored", world, admin.FailoverAsync, cancellationToken);

    private static async Task<IResult> DecideAsync(
        string region, string verb, string decided, IGeoWorld world, Func<RegionId, CancellationToken, Task> decide, CancellationToken cancellationToken)
    {
        // A name that none can have would be a bug further in.
        if (!RegionId.IsValid(region))
        {
            return new Problem(ProblemKinds.UnknownRegion, $"'{region}' is not a region of this world: use {string.Join(", ", world.Regions)}.");
        }

        await decide(new RegionId(region), cancellationToken);
        return TypedResults.Accepted(TopologyPath, new RegionVerbView(region, verb, $"{region}: {decided}.", TopologyPath, "/v1/geo/events"));
    }
}
