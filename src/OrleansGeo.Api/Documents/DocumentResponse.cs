using Microsoft.AspNetCore.Http;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.Documents;

/// <summary>A document, or that it is unchanged or gone.</summary>
/// <param name="StatusCode">200, 201, 204 or 304.</param>
/// <param name="Version">Its version, for the entity tag; null for none.</param>
/// <param name="Json">Its bytes; null for no body.</param>
internal sealed record DocumentResponse(int? StatusCode, string? Version, ReadOnlyMemory<byte>? Json) : IResult, IStatusCodeHttpResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCode ?? StatusCodes.Status200OK;
        if (Version is not null)
        {
            GeoResponseHeaders.SetETag(response.Headers, Version);
        }

        if (Json is { } json)
        {
            response.ContentType = JsonBody.Json;
            response.ContentLength = json.Length;
            await response.Body.WriteAsync(json, httpContext.RequestAborted);
        }
    }

    /// <summary>The version that the call reported, else the one that the document did.</summary>
    public static string? VersionOf(DocumentResult result) => GeoSession.Current?.Last?.Tag ?? result.Version;
}
