using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansGeo.Api.Requests;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Api.Responses;

/// <summary>Says in headers where an answer came from, of what version it is and how old it may be.</summary>
internal static class GeoResponseHeaders
{
    public static void Set(HttpContext httpContext, GeoCallResult call, int status)
    {
        var headers = httpContext.Response.Headers;
        headers[GeoHeaders.Home] = call.Home.Name;
        headers[GeoHeaders.ServedBy] = call.ServedBy.Name;
        headers[GeoHeaders.Role] = call.ServedByHome ? "home" : "replica";
        headers[GeoHeaders.Epoch] = call.Epoch.ToString(CultureInfo.InvariantCulture);
        headers[GeoHeaders.Version] = call.Version.ToString();
        if (call.Staleness is { } staleness && RequestMethods.IsRead(httpContext.Request.Method))
        {
            // Upwards: a bound that was rounded down is none.
            headers[GeoHeaders.StalenessMs] = Math.Ceiling(staleness.TotalMilliseconds).ToString("F0", CultureInfo.InvariantCulture);
        }

        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<NoEntityTag>() is not null)
        {
            headers[HeaderNames.CacheControl] = "no-cache";
        }
        else if (HasRepresentation(status) && call.Version != RecordVersion.None)
        {
            SetETag(headers, call.Tag);
        }
    }

    /// <summary>The entity tag, and that an answer must be asked for again before it is used again.</summary>
    public static void SetETag(IHeaderDictionary headers, string version)
    {
        headers.ETag = $"\"{version}\"";
        headers[HeaderNames.CacheControl] = "no-cache";
    }

    private static bool HasRepresentation(int status) =>
        status is StatusCodes.Status200OK or StatusCodes.Status201Created or StatusCodes.Status304NotModified;
}
