namespace OrleansGeo.Api.Health;

/// <summary>The outcome of one check.</summary>
public sealed record HealthCheckView(string Name, string Status, string? Detail);
