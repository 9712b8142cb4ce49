using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api;

/// <summary>Makes endpoints that call geo grains speak the web API's headers and errors.</summary>
public static class GeoEndpoints
{
    /// <summary>
    /// The endpoint's grain calls obey <c>Geo-Consistency</c>, <c>Geo-Deadline</c> and <c>Idempotency-Key</c>; its response has <c>ETag</c>
    /// and the <c>Geo-*</c> headers of its last call; a <c>GeoException</c> becomes a problem. The idempotency key names one call: an endpoint
    /// that writes to several entities is repeatable only if it always calls them in the same order. Each caller that signed in has keys of its own: the issuer,
    /// subject and client that its claims name.
    /// </summary>
    /// <example><code>
    /// app.MapGet("/v1/carts/{id}", (string id, IGrainFactory grains) => grains.GetGrain&lt;ICart&gt;(id).View()).WithGeo();
    /// </code></example>
    public static TBuilder WithGeo<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.AddEndpointFilter<TBuilder, GeoSessionFilter>();
        return endpoint.WithMetadata(GeoEndpointMetadata.Instance);
    }
}
