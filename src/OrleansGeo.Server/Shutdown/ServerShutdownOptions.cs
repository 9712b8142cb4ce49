using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Server.Shutdown;

/// <summary>What happens between SIGTERM and the end of the process.</summary>
internal sealed class ServerShutdownOptions
{
    /// <summary>All of it. Less than the platform waits before it kills: 30 s in most. Above <see cref="DrainPeriod"/>.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary><see cref="ShutdownOptions.DrainPeriod"/>: how long the region's last silo hands over.</summary>
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(15);
}
