using Microsoft.AspNetCore.Http.Timeouts;
using OrleansGeo.Api;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Server.Http;

/// <summary>Ends a request that has outlived every deadline that it could have asked for. Streams of events end when their reader leaves.</summary>
internal static class RequestEnds
{
    /// <summary>A call answers by its own deadline; this is for what did not, and must come later.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    public static void Configure(RequestTimeoutOptions timeouts, GeoApiOptions api) => timeouts.DefaultPolicy = new()
    {
        Timeout = api.MaxDeadline + Margin,
        WriteTimeoutResponse = static context => new Problem(
            ProblemKinds.DeadlineExceeded, "The request took longer than any deadline allows. If it was a write, it may have happened: repeat it with the same Idempotency-Key.")
            .ExecuteAsync(context),
    };

    public static void ExemptStreams(this IEndpointConventionBuilder endpoints) => endpoints.Finally(static endpoint =>
    {
        if ((endpoint as Microsoft.AspNetCore.Routing.RouteEndpointBuilder)?.RoutePattern.RawText == "/v1/geo/events")
        {
            endpoint.Metadata.Add(new DisableRequestTimeoutAttribute());
        }
    });
}
