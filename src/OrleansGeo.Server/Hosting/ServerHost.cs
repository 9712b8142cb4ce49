using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using OrleansGeo.Api;
using OrleansGeo.Api.Health;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Server.Auth;
using OrleansGeo.Server.Configuration;
using OrleansGeo.Server.Health;
using OrleansGeo.Server.Http;
using OrleansGeo.Server.Shutdown;
using OrleansGeo.Server.Storage;
using OrleansGeo.Server.Telemetry;
using OrleansGeo.Server.Tls;

namespace OrleansGeo.Server.Hosting;

/// <summary>Builds the server: one silo and gateway of one region, and its web API.</summary>
internal static class ServerHost
{
    /// <param name="args">Of the program: options, as <c>--Geo:Region=westeurope</c>.</param>
    /// <param name="configure">More configuration, and services that take the place of those here: for tests.</param>
    /// <exception cref="ConfigurationException">Lists every problem.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);
        var options = ServerConfiguration.Read(builder.Configuration);
        ServerLogging.Configure(builder.Logging);
        AddServices(builder.Services, options);
        AddWeb(builder, options);
        builder.UseOrleans(silo => ConfigureSilo(silo, options));
        var app = builder.Build();
        Map(app, options);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);

        // First: what needs room in the limits, or middleware in the links, is added to them later.
        services.Configure<FailoverOptions>(failover => OptionCatalog.Copy(options.Failover, failover));
        services.Configure<FollowOptions>(follow => OptionCatalog.Copy(options.Follow, follow));
        services.Configure<GeoLimits>(limits => OptionCatalog.Copy(options.Limits, limits));
        services.Configure<RegionLinkOptions>(links => OptionCatalog.Copy(options.Links, links));
        services.AddHealthChecks()
            .AddCheck<RoutingHealthCheck>("routing", tags: [GeoHealth.Ready])
            .AddCheck<StoppingHealthCheck>("stopping", tags: [GeoHealth.Ready]);
        services.AddGracefulShutdown(options.Shutdown);
        services.AddGeoTelemetry(options);
        if (options.Tls.IsConfigured)
        {
            services.AddLinkTls(options);
        }

        if (options.Auth.IsConfigured)
        {
            services.AddGeoAuth(options.Auth);
        }
    }

    private static void AddWeb(WebApplicationBuilder builder, ServerOptions options)
    {
        // Where it listens is said by Geo:Http alone: what a base image sets for all programs must not open another door.
        builder.WebHost.UseUrls();
        builder.Configuration["HTTP_PORTS"] = builder.Configuration["HTTPS_PORTS"] = null;
        builder.Services.Configure<KestrelServerOptions>(kestrel => HttpLimits.Apply(kestrel, options.Http));
        builder.Services.AddRateLimiter(limiter => RequestBudget.Configure(limiter, options.Http));
        builder.Services.AddRequestTimeouts(timeouts => RequestEnds.Configure(timeouts, options.Api));
        builder.Services.AddGeoApi(api => OptionCatalog.Copy(options.Api, api));
    }

    private static void ConfigureSilo(ISiloBuilder silo, ServerOptions options)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.Region, options.ServiceId));
        silo.Configure<SiloOptions>(names => names.SiloName = options.Silo.Name ?? $"{options.Region}-{Environment.MachineName}");
        silo.Configure<EndpointOptions>(endpoints =>
        {
            var address = IPAddress.Parse(options.Silo.Address);
            var listen = IPAddress.IsLoopback(address) ? address : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (address, options.Silo.Port, options.Silo.GatewayPort);
            endpoints.SiloListeningEndpoint = new(listen, options.Silo.Port);
            endpoints.GatewayListeningEndpoint = new(listen, options.Silo.GatewayPort);
        });
        RegionStorage.UseMembership(silo, options);
        silo.AddOrleansGeo(options.Region, geo =>
        {
            geo.Configure(world => GeoSilo.Describe(world, options));
            RegionStorage.UseStore(geo, options.Storage);
        });
    }

    private static void Map(WebApplication app, ServerOptions options)
    {
        if (options.Auth.IsConfigured)
        {
            app.UseAuthentication();
        }

        // After it, so that a caller is known by name; before authorization, so that guessing has its limit, too.
        app.UseRateLimiter();
        app.UseRequestTimeouts();
        if (options.Auth.IsConfigured)
        {
            app.UseAuthorization();
        }

        var endpoints = app.MapGroup("");
        endpoints.MapGeoApi();
        endpoints.MapGeoTelemetry(options.Telemetry);
        endpoints.ExemptProbes();
        endpoints.ExemptStreams();
        if (options.Auth.IsConfigured)
        {
            endpoints.RequireScopes();
        }
    }
}
