namespace OrleansGeo.Server.Shutdown;

/// <summary>What happens between SIGTERM and the end of the process.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>All of it. Less than the platform waits before it kills: 30 s in most. Above <see cref="DrainPeriod"/>.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long the last silo of a region waits until other regions are home of what was at home here. 0: it does not hand over; they promote.</summary>
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(15);
}
