using System.Collections.Immutable;

namespace OrleansGeo.Api.Health;

/// <summary>The health of this process.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>: the worst of the checks.</param>
/// <param name="Checks">Each check.</param>
internal sealed record HealthView(string Status, ImmutableArray<HealthCheckView> Checks);
