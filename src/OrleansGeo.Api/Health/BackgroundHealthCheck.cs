using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Api.Health;

/// <summary>
/// Degraded while a background loop of this process has failed for a while: the region serves, but something does not happen. Never a reason to send requests elsewhere, where the same
/// may fail.
/// </summary>
internal sealed class BackgroundHealthCheck(IServiceProvider services) : IHealthCheck
{
    /// <summary>What passes sooner is how regions that start and silos that move look from here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // By name and effect alone: the address that is dialled, and how it failed, are nothing for strangers.
        var failing = services.GetService<IBackgroundHealth>()?.GetFailing().Where(static loop => loop.For >= Patience)
            .Select(static loop => FormattableString.Invariant($"The loop '{loop.Name}' has failed for {loop.For.TotalSeconds:0} s. Until it works again, {loop.Effect}."))
            .ToList() ?? [];
        return Task.FromResult(failing.Count == 0
            ? HealthCheckResult.Healthy("What goes on in the background works.")
            : HealthCheckResult.Degraded($"{string.Join(' ', failing)} The log says how {(failing.Count == 1 ? "it" : "they")} failed."));
    }
}
