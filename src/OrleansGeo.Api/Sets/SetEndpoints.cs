using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.Sets;

/// <summary><c>/v1/sets/{id}</c>: observed-remove sets that every region changes at once.</summary>
internal static class SetEndpoints
{
    public static void MapSets(this IEndpointRouteBuilder endpoints)
    {
        var sets = endpoints.MapGroup("/v1/sets/{id}").WithTags("Sets").WithGeo().WithMetadata(NoEntityTag.Instance);

        sets.MapGet("", Get).WithName("getSet").WithSummary("Read a set")
            .Produces<SetView>().Describes(200, "Its members in ordinal order; none if none was added.").Fails(ProblemKinds.InvalidKey);

        sets.MapPut("/{member}", Add).WithName("addToSet").WithSummary("Add a member; it stays in spite of a concurrent remove")
            .Answers(204, "It is a member.").Fails(ProblemKinds.InvalidKey, ProblemKinds.TooLarge);

        sets.MapDelete("/{member}", Remove).WithName("removeFromSet").WithSummary("Remove a member as this region sees it")
            .Answers(204, "It is none any more.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound);
    }

    private static async Task<IResult> Get(string id, HttpContext http, IGrainFactory grains) =>
        EntityKey.Read(http, id, fromEnd: 0).TryGet(out var key, out var problem) ? TypedResults.Ok(new SetView(await grains.GetGrain<ISet>(key).Get())) : problem;

    private static async Task<IResult> Add(string id, string member, HttpContext http, IGrainFactory grains)
    {
        if (!EntityKey.Read(http, id, fromEnd: 1).TryGet(out var key, out var problem) || !EntityKey.ReadName(http, "member", member).TryGet(out var name, out problem))
        {
            return problem;
        }

        await grains.GetGrain<ISet>(key).Add(name);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Remove(string id, string member, HttpContext http, IGrainFactory grains)
    {
        if (!EntityKey.Read(http, id, fromEnd: 1).TryGet(out var key, out var problem) || !EntityKey.ReadName(http, "member", member).TryGet(out var name, out problem))
        {
            return problem;
        }

        return await grains.GetGrain<ISet>(key).Remove(name)
            ? TypedResults.NoContent()
            : new Problem(ProblemKinds.NotFound, "It is no member of the set, as this region sees it now. Nothing was removed.");
    }
}
