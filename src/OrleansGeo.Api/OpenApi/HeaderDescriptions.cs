using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Api.OpenApi;

/// <summary>The headers of the web API in words.</summary>
internal static class HeaderDescriptions
{
    public static IEnumerable<OpenApiParameter> Request(bool isGeo, bool isRead, bool takesConditions)
    {
        if (takesConditions)
        {
            yield return Parameter(HeaderNames.IfMatch, "* or a list of entity tags: the request counts only if the document is in one of these versions.");
            yield return Parameter(HeaderNames.IfNoneMatch, "* or a list of entity tags: the request counts only if the document is in none of these versions.");
        }

        if (!isGeo)
        {
            yield break;
        }

        if (isRead)
        {
            yield return Parameter(GeoHeaders.Consistency, "local (default), session (never older than what the session in Geo-Session has seen), bounded;max=500ms or strong.");
        }
        else
        {
            yield return Parameter(GeoHeaders.IdempotencyKey, "1 to 256 visible ASCII characters: a caller's write with the same key takes effect once and answers the same. Each caller has keys of its own: a bearer token's issuer (iss), subject (sub) and client (azp, client_id, appid or cid). Without authentication all callers are one.");
        }

        yield return Parameter(GeoHeaders.Deadline, $"How long the call may take: {Durations.Grammar}.");
        yield return Parameter(GeoHeaders.Session, "What an earlier response of the session carried under this name, of any region.");
    }

    public static Dictionary<string, IOpenApiHeader> Response(int status, bool isRead)
    {
        var headers = new Dictionary<string, IOpenApiHeader>
        {
            [GeoHeaders.Home] = Header("The home region of the entity."),
            [GeoHeaders.ServedBy] = Header("The region that answered."),
            [GeoHeaders.Role] = Header("home or replica: what the region that answered is to the entity."),
            [GeoHeaders.Epoch] = Header("The epoch of the home.", JsonSchemaType.Integer),
            [GeoHeaders.Version] = Header("The version of the entity that the answer is based on."),
        };
        headers[GeoHeaders.Session] = Header("What the session has seen with this answer: send it with the session's next request, to any region.");
        if (isRead)
        {
            headers[GeoHeaders.StalenessMs] = Header("An upper bound on how old the data is, in milliseconds.", JsonSchemaType.Integer);
        }

        if (status != StatusCodes.Status204NoContent)
        {
            headers[HeaderNames.ETag] = Header("The entity tag of this version.");
        }

        return headers;
    }

    public static Dictionary<string, IOpenApiHeader>? Problem(int status) => status is 429 or 503
        ? new() { [HeaderNames.RetryAfter] = Header("Seconds to wait before trying again.", JsonSchemaType.Integer) }
        : null;

    private static OpenApiParameter Parameter(string name, string text) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = text,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiHeader Header(string text, JsonSchemaType type = JsonSchemaType.String) =>
        new() { Description = text, Schema = new OpenApiSchema { Type = type } };
}
