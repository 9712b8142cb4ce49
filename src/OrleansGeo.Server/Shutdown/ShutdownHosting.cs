using OrleansGeo.Runtime.World;

namespace OrleansGeo.Server.Shutdown;

/// <summary>Stops the server so that nobody who calls another region notices.</summary>
internal static class ShutdownHosting
{
    public static void AddGracefulShutdown(this IServiceCollection services, ShutdownOptions options)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracePeriod);
        services.AddHostedService(provider => new RegionVisit(
            provider.GetRequiredService<IRegionPresence>(),
            provider.GetRequiredService<ISiloStatusOracle>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RegionVisit>>()));
    }
}
