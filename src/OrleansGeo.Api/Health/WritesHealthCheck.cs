using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Api.Health;

/// <summary>
/// Healthy means that every write of a family that could succeed would. Otherwise degraded: the others, and reads, go on, so that one family does not take the region out of service.
/// </summary>
internal sealed class WritesHealthCheck(IGeoWorld world, ShardFamily family) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        world.GetFamilies().First(status => status.Family == family).Problem is { } problem
            ? HealthCheckResult.Degraded($"{What}: {problem}.")
            : HealthCheckResult.Healthy($"{What} succeed."));

    private string What => family switch
    {
        ShardFamily.Quorum => "Writes with durability Quorum",
        ShardFamily.Region => "Writes with durability Region",
        _ => "Writes of multi-writer entities",
    };
}
