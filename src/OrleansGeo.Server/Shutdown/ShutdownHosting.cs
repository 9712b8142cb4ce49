using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Server.Shutdown;

/// <summary>Stops the server so that no caller of another region notices.</summary>
internal static class ShutdownHosting
{
    public static void AddGracefulShutdown(this IServiceCollection services, ServerShutdownOptions options)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracePeriod);
        services.Configure<ShutdownOptions>(shutdown => shutdown.DrainPeriod = options.DrainPeriod);
    }
}
