using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Api.Health;

/// <summary>Ready means that this region serves: it knows the topology and is up in its own eyes. Peers that are down do not count.</summary>
internal sealed class RegionHealthCheck(IGeoWorld world) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var self = world.GetRegions().FirstOrDefault(region => region.Region == world.Region);
        return Task.FromResult(
            self is null ? HealthCheckResult.Unhealthy($"{world.Region} is not a region of the topology {world.Topology.Version} that it knows.")
            : self.IsUp ? HealthCheckResult.Healthy($"{world.Region} serves, with topology {world.Topology.Version}.")
            : HealthCheckResult.Unhealthy($"{world.Region} does not serve: {self.DownReason ?? "no reason given"}."));
    }
}
