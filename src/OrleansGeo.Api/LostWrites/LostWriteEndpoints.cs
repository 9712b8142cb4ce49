using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.LostWrites;

/// <summary><c>/v1/geo/lost-writes</c>: the ledger of every region, through any region.</summary>
internal static class LostWriteEndpoints
{
    public static void MapLostWrites(this IEndpointRouteBuilder endpoints)
    {
        var ledger = endpoints.MapGroup("/v1/geo/lost-writes").WithTags("Geo");

        ledger.MapGet("", static async ([FromServices] IGeoAdmin admin, CancellationToken cancellationToken) =>
                TypedResults.Ok(LostWriteViews.All(await admin.GetLostWritesAsync(cancellationToken))))
            .WithName("getLostWrites").WithSummary("Acknowledged writes that forced promotions left behind")
            .Describes(200, "The ledgers of all regions that answered within a second, as they are stored; `unreachable` names the others.").Fails(ProblemKinds.RegionIsolated);

        ledger.MapPost("/{id}/replay", Replay)
            .WithName("replayLostWrite").WithSummary("Write the states of a lost write to its entity, as they were")
            .Produces<LostWriteView>().Describes(200, "It is written again.")
            .Fails(ProblemKinds.InvalidRequest, ProblemKinds.UnknownLostWrite, ProblemKinds.EntityChanged, ProblemKinds.RegionIsolated);

        ledger.MapPost("/{id}/discard", static async (string id, [FromServices] IGeoAdmin admin, CancellationToken cancellationToken) =>
                TypedResults.Ok(LostWriteViews.One(await admin.DiscardAsync(id, cancellationToken))))
            .WithName("discardLostWrite").WithSummary("Mark a lost write as not needed")
            .Describes(200, "It is marked, and stays in the ledger.").Fails(ProblemKinds.UnknownLostWrite, ProblemKinds.RegionIsolated);
    }

    private static async Task<IResult> Replay(
        string id,
        [FromQuery, Description("true: also if the entity was written since, which that undoes. Default: false.")] string? overwrite,
        [FromServices] IGeoAdmin admin,
        CancellationToken cancellationToken)
    {
        if (overwrite is not (null or "true" or "false"))
        {
            return new Problem(ProblemKinds.InvalidRequest, $"The parameter overwrite is '{overwrite}': use true or false.");
        }

        return TypedResults.Ok(LostWriteViews.One(await admin.ReplayAsync(id, overwrite == "true", cancellationToken)));
    }
}
