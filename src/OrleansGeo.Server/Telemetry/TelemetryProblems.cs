namespace OrleansGeo.Server.Telemetry;

/// <summary>What is wrong with <see cref="TelemetryOptions"/>.</summary>
internal static class TelemetryProblems
{
    public static IEnumerable<string> Of(TelemetryOptions telemetry)
    {
        if (telemetry.OtlpEndpoint is { } otlp && otlp.Scheme != Uri.UriSchemeHttp && otlp.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"Geo:Telemetry:OtlpEndpoint: '{otlp}': use http or https.";
        }

        // Its value is a secret, and stays out of every message.
        if (telemetry.AzureMonitorConnectionString is { } text && !text.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase))
        {
            yield return "Geo:Telemetry:AzureMonitorConnectionString: it has no InstrumentationKey; copy the connection string of the Application Insights resource.";
        }

        if (telemetry.TraceRatio is not (>= 0 and <= 1))
        {
            yield return $"Geo:Telemetry:TraceRatio: {telemetry.TraceRatio}: use 0 to 1.";
        }
    }
}
