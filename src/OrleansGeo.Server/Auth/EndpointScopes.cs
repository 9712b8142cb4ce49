using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;

namespace OrleansGeo.Server.Auth;

/// <summary>Which scope an endpoint asks for: one rule by path and method, so that an endpoint that is added later is closed from the beginning.</summary>
internal static class EndpointScopes
{
    private static readonly string[] Open = ["/health/", "/openapi/"];

    public static void RequireScopes(this IEndpointConventionBuilder endpoints) => endpoints.Finally(static endpoint =>
        endpoint.Metadata.Add(ScopeOf(endpoint) is { } scope ? new AuthorizeAttribute(scope) : new AllowAnonymousAttribute()));

    /// <summary>Probes are asked by what keeps the server alive, and must not meet a limit that others used up.</summary>
    public static void ExemptProbes(this IEndpointConventionBuilder endpoints) => endpoints.Finally(static endpoint =>
    {
        if (PathOf(endpoint).StartsWith("/health/", StringComparison.Ordinal))
        {
            endpoint.Metadata.Add(new DisableRateLimitingAttribute());
        }
    });

    /// <summary>Null: whoever asks.</summary>
    private static string? ScopeOf(EndpointBuilder endpoint)
    {
        var path = PathOf(endpoint);
        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        return Open.Any(open => path.StartsWith(open, StringComparison.Ordinal)) ? null
            : path == "/metrics" || (methods.Count > 0 && methods.All(static method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method))) ? Scopes.Read
            : path.StartsWith("/v1/geo/", StringComparison.Ordinal) ? Scopes.Operate
            : Scopes.Write;
    }

    private static string PathOf(EndpointBuilder endpoint) => $"/{(endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.TrimStart('/')}";
}
