namespace OrleansGeo.Api.Health;

/// <summary>How other parts of a server take part in <c>/health/ready</c>.</summary>
internal static class GeoHealth
{
    /// <summary>Health checks with this tag decide whether the process is ready: <c>AddHealthChecks().AddCheck&lt;T&gt;("name", tags: [GeoHealth.Ready])</c>.</summary>
    public const string Ready = "ready";
}
