using Microsoft.AspNetCore.Mvc;
using OrleansGeo.Api;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.World.Drills.Entities;

/// <summary><c>/dev/drill</c>: the entities that drills write to and read. Only a development world has them, never the server.</summary>
internal static class DrillEndpoints
{
    public static void MapDrill(this IEndpointRouteBuilder app)
    {
        var drill = app.MapGroup("/dev/drill/{durability}/{id}").WithTags("Development").WithGeo();

        drill.MapPost("", Record).WithName("recordDrillWrite").WithSummary("Record a sequence number in a drill's entity, once per Idempotency-Key")
            .TakesBody(JsonBody.Json).Answers(200, "How many were recorded.").Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidDocument, ProblemKinds.NotFound);

        drill.MapGet("", View).WithName("getDrillEntity").WithSummary("What a drill's entity has recorded")
            .Answers(200, "The sequence numbers, as ranges in their order.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound);
    }

    private static async Task<IResult> Record(string durability, string id, HttpContext http, [FromServices] IGrainFactory grains)
    {
        if (!Find(durability, id).TryGet(out var entity, out var problem) || !(await JsonBody.ReadAsync(http, JsonBody.Json)).TryGet(out var body, out problem))
        {
            return problem;
        }

        var (write, error) = DrillWrite.Read(body);
        return write is null
            ? new Problem(ProblemKinds.InvalidDocument, error!)
            : Results.Ok(new DrillRecorded(await grains.GetGrain<IDrillEntity>(GrainId.Parse(entity)).Record(write.Writer, write.Sequence)));
    }

    private static async Task<IResult> View(string durability, string id, [FromServices] IGrainFactory grains) =>
        Find(durability, id).TryGet(out var entity, out var problem)
            ? Results.Ok(await grains.GetGrain<IDrillEntity>(GrainId.Parse(entity)).View())
            : problem;

    private static Parsed<string> Find(string durability, string id)
    {
        var type = durability switch { "quorum" => DrillQuorum.Type, "region" => DrillRegion.Type, _ => null };
        return type is null ? new(new Problem(ProblemKinds.NotFound, $"There is no drill entity of durability '{durability}': use quorum or region."))
            : DrillWrite.IsName(id) ? new($"{type}/{id}")
            : new(new Problem(ProblemKinds.InvalidKey, $"'{id}' cannot be the id of a drill's entity: use 1 to 128 letters, digits, '-', '_' and '.'."));
    }
}
