using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Testing;

namespace Orleans.Hosting;

/// <summary>Turns WAN emulation on. For development and tests.</summary>
public static class WanServices
{
    /// <inheritdoc cref="AddWanEmulation(IServiceCollection, WanMatrix, int)"/>
    public static GeoBuilder AddWanEmulation(this GeoBuilder geo, WanMatrix matrix, int seed = 0)
    {
        geo.Services.AddWanEmulation(matrix, seed);
        return geo;
    }

    /// <summary>
    /// Shapes this process's half of every link, its own and those that end at its gateway, as <paramref name="matrix"/> says for
    /// <see cref="GeoOptions.Region"/>. Every process of the world must do so. Without it, links have no code for emulation in their way.
    /// </summary>
    /// <param name="services">The services of a silo or of a plain client.</param>
    /// <param name="matrix">The delays to begin with.</param>
    /// <param name="seed">Decides which writes are lost, where <see cref="WanEmulator.Set"/> asks for loss.</param>
    public static IServiceCollection AddWanEmulation(this IServiceCollection services, WanMatrix matrix, int seed = 0)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Create(provider, matrix, seed));
        services.AddSingleton<ILinkShaper>(static provider => provider.GetRequiredService<WanEmulator>());
        services.AddOptions<SiloConnectionOptions>()
            .Configure<WanEmulator>((options, emulator) => options.ConfigureGatewayInboundConnection(emulator.ShapeGatewayInbound));
        return services;
    }

    private static WanEmulator Create(IServiceProvider provider, WanMatrix matrix, int seed)
    {
        var geo = provider.GetRequiredService<IOptions<GeoOptions>>().Value;
        var emulator = new WanEmulator(geo.Self, provider.GetRequiredService<TimeProvider>(), seed);
        foreach (var region in geo.Regions.Select(name => new RegionId(name)).Where(region => region != geo.Self))
        {
            emulator.Set(region, new WanRule(matrix.OneWayMs(geo.Self, region)));
        }

        return emulator;
    }
}
