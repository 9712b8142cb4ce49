namespace OrleansGeo.Api.Health;

/// <summary>The outcome of one check.</summary>
internal sealed record HealthCheckView(string Name, string Status, string? Detail);
