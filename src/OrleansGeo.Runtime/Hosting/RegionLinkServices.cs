using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Hosting;

internal static class RegionLinkServices
{
    /// <summary>Links this silo to the peers that <see cref="GeoOptions"/> names. Adding them twice adds them once.</summary>
    internal static IServiceCollection AddSiloLinks(this IServiceCollection services)
    {
        if (TryAddLinks(services))
        {
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<RegionLinks>());
        }

        return services;
    }

    /// <summary>The same for the process of a plain client.</summary>
    internal static IServiceCollection AddClientLinks(this IServiceCollection services)
    {
        if (TryAddLinks(services))
        {
            services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<RegionLinks>());
        }

        return services;
    }

    private static bool TryAddLinks(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(RegionLinks)))
        {
            return false;
        }

        services.AddOptions<RegionLinkOptions>()
            .Validate(
                options => options.HeartbeatInterval > TimeSpan.Zero && options.HeartbeatTimeout > TimeSpan.Zero
                    && options.RedialInterval > TimeSpan.Zero && options.ResolveInterval > TimeSpan.Zero && options.ConnectTimeout > TimeSpan.Zero,
                "RegionLinkOptions: HeartbeatInterval, HeartbeatTimeout, RedialInterval, ResolveInterval and ConnectTimeout must be above zero.")
            .ValidateOnStart();
        services.AddBackgroundLoops();
        services.TryAddSingleton<IHostNames, DnsHostNames>();
        services.AddSingleton(Create);
        services.AddSingleton<IRegionLinks>(static provider => provider.GetRequiredService<RegionLinks>());
        return true;
    }

    private static RegionLinks Create(IServiceProvider provider)
    {
        var geo = provider.GetRequiredService<IOptions<GeoOptions>>().Value;
        var context = new LinkContext(
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            provider.GetRequiredService<IOptions<RegionLinkOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IHostNames>(),
            provider.GetRequiredService<BackgroundLoops>(),
            provider.GetService<ILinkShaper>());
        return new RegionLinks(context, geo.Self, geo.Peers);
    }
}
