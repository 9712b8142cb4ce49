using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansGeo.Operations;

namespace OrleansGeo.Server.Health;

/// <summary>
/// Ready means that writes can be routed from here: a topology was decided, this region included, and a majority of regions is connected. Local reads
/// go on without that; but who chooses between regions should choose one that can do both.
/// </summary>
internal sealed class RoutingHealthCheck(IGeoWorld world) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var regions = world.GetRegions();
        var down = regions.Where(static region => !region.IsUp).ToList();
        var up = regions.Length - down.Count;
        return Task.FromResult(
            world.TopologyVersion == 0 ? HealthCheckResult.Unhealthy("No majority of regions has decided a topology yet.")
            : up <= regions.Length / 2 ? HealthCheckResult.Unhealthy(
                $"{world.Region} reaches no majority of regions, so it cannot route writes: {string.Join("; ", down.Select(static region => region.DownReason))}.")
            : HealthCheckResult.Healthy($"{world.Region} reaches {up} of {regions.Length} regions."));
    }
}
