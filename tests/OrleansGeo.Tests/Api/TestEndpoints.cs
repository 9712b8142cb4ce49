using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api;
using OrleansGeo.Api.Documents;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Tests.Api;

/// <summary>Endpoints as an application writes them, and one that is broken.</summary>
internal static class TestEndpoints
{
    public static void MapTestEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/tests/status/{id}", static async (string id, IGrainFactory grains) =>
            new StatusView((await grains.GetGrain<IDocument>(DocumentKey.Of("tests", id)).Get()).Status.ToString())).WithGeo();

        endpoints.MapPost("/v1/tests/echo", static async (HttpContext http) =>
            (await JsonBody.ReadAsync(http)).TryGet(out var json, out var problem) ? Results.Bytes(json, JsonBody.Json) : problem).WithGeo();

        endpoints.MapGet("/v1/tests/bug", static () => Throw(new InvalidOperationException("secret-of-the-house")));
    }

    private static IResult Throw(Exception exception) => throw exception;

    internal sealed record StatusView(string Status);
}
