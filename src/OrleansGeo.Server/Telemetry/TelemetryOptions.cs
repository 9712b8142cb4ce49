namespace OrleansGeo.Server.Telemetry;

/// <summary>Where metrics and traces go, besides <c>/metrics</c>.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>An OpenTelemetry collector, by gRPC (<c>http://collector:4317</c>). Default: none.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>Of an Application Insights resource, which is told things as this process's identity: the role Monitoring Metrics Publisher. Default: none.</summary>
    public string? AzureMonitorConnectionString { get; set; }

    /// <summary>Whether <c>/metrics</c> serves Prometheus. It asks for the scope <c>geo.read</c>.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>The part of all traces that is kept, 0 to 1; a caller's own decision is followed.</summary>
    public double TraceRatio { get; set; } = 0.1;
}
