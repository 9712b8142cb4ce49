using OpenTelemetry.Metrics;

namespace OrleansGeo.World.Hosting;

/// <summary><c>/metrics</c>: every meter of OrleansGeo, as Prometheus reads it.</summary>
internal static class RegionMetrics
{
    public static void Add(IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter("OrleansGeo.*").AddPrometheusExporter());

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
