using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.Counters;

/// <summary><c>/v1/counters/{id}</c>: counters that every region changes at once.</summary>
internal static class CounterEndpoints
{
    public static void MapCounters(this IEndpointRouteBuilder endpoints)
    {
        var counters = endpoints.MapGroup("/v1/counters/{id}").WithTags("Counters").WithGeo().WithMetadata(NoEntityTag.Instance);

        counters.MapGet("", Get).WithName("getCounter").WithSummary("Read a counter")
            .Answers(200, "`{\"value\": n}`; 0 if nothing was counted.").Fails(ProblemKinds.InvalidKey);

        counters.MapPost("", Add).WithName("addToCounter").WithSummary("Add to a counter, or take away")
            .TakesBody(JsonBody.Json).Answers(200, "`{\"value\": n}`, as this region sees it now.")
            .Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidDocument, ProblemKinds.CounterOverflow);
    }

    private static async Task<IResult> Get(string id, HttpContext http, IGrainFactory grains) =>
        EntityKey.Read(http, id, fromEnd: 0).TryGet(out var key, out var problem) ? Of(await grains.GetGrain<ICounter>(key).Get()) : problem;

    private static async Task<IResult> Add(string id, HttpContext http, IGrainFactory grains)
    {
        if (!EntityKey.Read(http, id, fromEnd: 0).TryGet(out var key, out var problem) || !(await JsonBody.ReadAsync(http)).TryGet(out var json, out problem))
        {
            return problem;
        }

        return Amount(json) is { } amount
            ? Of(await grains.GetGrain<ICounter>(key).Add(amount))
            : new Problem(ProblemKinds.InvalidDocument, $"The body is not {{\"add\": n}} with a whole number from {-long.MaxValue} to {long.MaxValue}.");
    }

    private static long? Amount(byte[] json)
    {
        using var body = JsonDocument.Parse(json);
        return body.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("add", out var add) && root.EnumerateObject().Count() == 1
            && add.ValueKind == JsonValueKind.Number && add.TryGetInt64(out var amount) && amount != long.MinValue ? amount : null;
    }

    private static JsonText Of(Int128 value) => new($"{{\"value\":{value.ToString(CultureInfo.InvariantCulture)}}}");
}
