using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansGeo.Server.Health;

/// <summary>Not ready from the moment that the process was told to stop, while it still serves: who chooses between servers chooses another in time.</summary>
internal sealed class StoppingHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The server is stopping.") : HealthCheckResult.Healthy());
}
