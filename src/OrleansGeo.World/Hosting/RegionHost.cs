using Orleans.Configuration;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Hosting;

/// <summary>One region: its web API, its silos and its store, in this process.</summary>
/// <remarks>This is the one file that connects the world to the parts of OrleansGeo.</remarks>
internal sealed class RegionHost : IAsyncDisposable
{
    private const string ServiceId = "orleansgeo-world";

    /// <summary>The first runs the web API too; the others are further silos of the same region. Started in order, stopped in reverse.</summary>
    private readonly List<IHost> _hosts = [];

    private RegionHost()
    {
    }

    public static async Task<RegionHost> StartAsync(RegionConfig config, CancellationToken cancellationToken)
    {
        var region = new RegionHost();
        try
        {
            var app = BuildFirst(config);
            region._hosts.Add(app);
            await app.StartAsync(cancellationToken);
            for (var silo = 1; silo < config.Place.SiloPorts.Length; silo++)
            {
                var host = BuildFurther(config, silo);
                region._hosts.Add(host);
                await host.StartAsync(cancellationToken);
            }

            return region;
        }
        catch
        {
            await region.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses a <c>--wan</c> option that no region could use.</summary>
    public static void CheckWan(string wan, IReadOnlyCollection<string> regions)
    {
        if (wan is not ("azure" or "off") && !wan.TrimStart().StartsWith('{'))
        {
            throw WorldException.Usage(
                $"--wan '{wan}' is neither azure, off, JSON with round trips in milliseconds such as {{\"westeurope\":{{\"eastus2\":80}}}}, nor a file.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
        }

        // Only then: the silos share the first one's store.
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            host.Dispose();
        }

        _hosts.Clear();
    }

    private static WebApplication BuildFirst(RegionConfig config)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseUrls(config.Place.Url);
        RegionLogging.Configure(builder.Logging, config.Region);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddProblemDetails();
        RegionMetrics.Add(builder.Services);
        builder.UseOrleans(silo => ConfigureSilo(silo, config, index: 0));

        var app = builder.Build();
        app.MapGet("/health/live", static () => Results.Ok());
        app.MapGet("/health/ready", static () => Results.Ok());
        app.MapAirports();
        RegionMetrics.Map(app);
        return app;
    }

    private static IHost BuildFurther(RegionConfig config, int silo)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        RegionLogging.Configure(builder.Logging, $"{config.Region} silo {silo}");
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(orleans => ConfigureSilo(orleans, config, silo));
        return builder.Build();
    }

    private static void ConfigureSilo(ISiloBuilder silo, RegionConfig config, int index)
    {
        var place = config.Place;
        var primary = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, place.SiloPorts[0]);
        silo.UseLocalhostClustering(place.SiloPorts[index], place.GatewayPorts[index], index == 0 ? null : primary, ServiceId, config.Region);
        silo.Configure<SiloOptions>(options => options.SiloName = $"{config.Region}-{index}");
    }
}
