namespace OrleansGeo.Runtime.Configuration;

/// <summary>What a silo does between SIGTERM, or <c>IHost.StopAsync</c>, and the end of its grains.</summary>
public sealed class ShutdownOptions
{
    /// <summary>
    /// How long the last silo of a region waits, while it still serves, until other regions are home of what was at home here: callers notice a planned hand-over and no
    /// failover. Less than the host's <c>HostOptions.ShutdownTimeout</c>, which is less than the platform waits before it kills. 0: it does not hand over;
    /// the others promote when its lease has run out. Default 15 s.
    /// </summary>
    /// <remarks>It waits less where nothing can be handed over: no other region can be home, or no majority of regions is reached.</remarks>
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(15);
}
