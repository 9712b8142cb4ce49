using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Net.Http.Headers;
using OrleansGeo.Api.OpenApi;

namespace OrleansGeo.Api.Health;

/// <summary><c>/health</c>: live is the process, ready is the region.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health").WithTags("Health");

        health.MapGet("/live", static (HttpContext http) => Answer(http, new("healthy", [])))
            .WithName("getLiveness").WithSummary("Whether the process runs").Produces<HealthView>().Describes(200, "It does.");

        health.MapGet("/ready", Ready)
            .WithName("getReadiness").WithSummary("Whether the region serves")
            .Produces<HealthView>().Describes(200, "It does.")
            .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable).Describes(503, "It does not; the checks say why.");
    }

    private static async Task<JsonHttpResult<HealthView>> Ready(HttpContext http, HealthCheckService checks)
    {
        var report = await checks.CheckHealthAsync(static check => check.Tags.Contains(GeoHealth.Ready), http.RequestAborted);
        return Answer(http, new(Name(report.Status), [.. report.Entries.Select(static entry => View(entry.Key, entry.Value))]));
    }

    private static JsonHttpResult<HealthView> Answer(HttpContext http, HealthView view)
    {
        var status = view.Status == Name(HealthStatus.Unhealthy) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        return TypedResults.Json(view, statusCode: status);
    }

    // The text of an exception is for the log, where the health check service writes it.
    private static HealthCheckView View(string name, HealthReportEntry entry) =>
        new(name, Name(entry.Status), entry.Exception is null ? entry.Description : "The check failed; the log says how.");

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
