using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.Health;

/// <summary>
/// Ready means that this region serves: it knows the topology and is up in its own eyes. Peers that are down do not count. Degraded: it serves, but a region, itself or another, cannot
/// read what it should replicate, so that writes are on fewer disks than there are regions.
/// </summary>
internal sealed class RegionHealthCheck(IGeoWorld world) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var regions = world.GetRegions();
        var self = regions.FirstOrDefault(region => region.Region == world.Region);
        return Task.FromResult(
            self is null ? HealthCheckResult.Unhealthy($"{world.Region} is not a region of the topology {world.TopologyVersion} that it knows.")
            : !self.IsUp ? HealthCheckResult.Unhealthy($"{world.Region} does not serve: {self.DownReason ?? "no reason given"}.")
            : regions.FirstOrDefault(static region => region.Problem is not null) is { } behind ? HealthCheckResult.Degraded($"{world.Region} serves, but {behind.Region} cannot follow. {behind.Problem}")
            : HealthCheckResult.Healthy($"{world.Region} serves, with topology {world.TopologyVersion}."));
    }
}
