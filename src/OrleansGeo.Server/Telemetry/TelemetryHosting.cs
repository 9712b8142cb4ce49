using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansGeo.Server.Configuration;

namespace OrleansGeo.Server.Telemetry;

/// <summary>OpenTelemetry: every meter and activity source named <c>OrleansGeo.*</c>, Orleans' own and those of the web server, to wherever the options say.</summary>
internal static class TelemetryHosting
{
    /// <summary>README.md of the server lists what they are.</summary>
    public static IReadOnlyList<string> Meters { get; } = ["OrleansGeo.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting"];

    public static IReadOnlyList<string> Sources { get; } = ["OrleansGeo.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime"];

    public static void AddGeoTelemetry(this IServiceCollection services, ServerOptions options)
    {
        var telemetry = options.Telemetry;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("orleansgeo-server", options.ServiceId, serviceInstanceId: options.Silo.Name ?? $"{options.Region}-{Environment.MachineName}")
                .AddAttributes([new("orleansgeo.region", options.Region)]))
            .WithMetrics(metrics => AddMetrics(metrics, telemetry))
            .WithTracing(traces => AddTraces(traces, telemetry));
    }

    public static void MapGeoTelemetry(this IEndpointRouteBuilder endpoints, TelemetryOptions telemetry)
    {
        if (telemetry.Prometheus)
        {
            endpoints.MapPrometheusScrapingEndpoint("/metrics");
        }
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions telemetry)
    {
        metrics.AddMeter([.. Meters]).AddAspNetCoreInstrumentation();
        if (telemetry.Prometheus)
        {
            metrics.AddPrometheusExporter();
        }

        if (telemetry.OtlpEndpoint is { } otlp)
        {
            metrics.AddOtlpExporter(exporter => exporter.Endpoint = otlp);
        }

        if (telemetry.AzureMonitorConnectionString is { } connection)
        {
            metrics.AddAzureMonitorMetricExporter(exporter => (exporter.ConnectionString, exporter.Credential) = (connection, new DefaultAzureCredential()));
        }
    }

    private static void AddTraces(TracerProviderBuilder traces, TelemetryOptions telemetry)
    {
        traces.AddSource([.. Sources]).AddAspNetCoreInstrumentation().SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(telemetry.TraceRatio)));
        if (telemetry.OtlpEndpoint is { } otlp)
        {
            traces.AddOtlpExporter(exporter => exporter.Endpoint = otlp);
        }

        if (telemetry.AzureMonitorConnectionString is { } connection)
        {
            traces.AddAzureMonitorTraceExporter(exporter => (exporter.ConnectionString, exporter.Credential) = (connection, new DefaultAzureCredential()));
        }
    }
}
