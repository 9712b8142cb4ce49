using System.Net;
using Orleans.Configuration;
using OrleansGeo.Api;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Storage.Sqlite;
using OrleansGeo.Testing;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Drills.Entities;
using OrleansGeo.World.Moves;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Wan;

namespace OrleansGeo.World.Hosting;

/// <summary>One region: its web API, its silos and its store, in this process.</summary>
/// <remarks>This is the one file that connects the world to the parts of OrleansGeo.</remarks>
internal sealed class RegionHost : IAsyncDisposable
{
    private const string ServiceId = "orleansgeo-world";
    private const int RequestsOfEmulator = 8;

    private static readonly TimeSpan LeaseOnEmulator = TimeSpan.FromSeconds(15);

    private readonly RegionConfig _config;
    private readonly RegionWanRules _wan;
    private readonly MoveKill _moves = new(MoveKill.KillProcess);

    /// <summary>The first runs the web API too; the others are further silos of the same region. Stopped in the order opposite to their start.</summary>
    private readonly Stack<IHost> _hosts = new();

    private RegionHost(RegionConfig config)
    {
        _config = config;
        _wan = new(config.Peers.Select(static peer => peer.Region));
    }

    public static async Task<RegionHost> StartAsync(RegionConfig config, CancellationToken cancellationToken)
    {
        var region = new RegionHost(config);
        try
        {
            var first = region.BuildFirst();
            await region.StartAsync(first, cancellationToken);
            for (var silo = 1; silo < config.Place.SiloPorts.Length; silo++)
            {
                await region.StartAsync(region.BuildFurther(silo, first.Services), cancellationToken);
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
        try
        {
            WanMatrix.Parse(wan, regions);
        }
        catch (WanMatrixException exception)
        {
            throw WorldException.Usage($"--wan: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        var stopped = new List<IHost>();
        while (_hosts.TryPop(out var host))
        {
            await host.StopAsync(CancellationToken.None);
            stopped.Add(host);
        }

        // Only then: the silos share the first one's store.
        foreach (var host in stopped)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private async Task StartAsync(IHost host, CancellationToken cancellationToken)
    {
        _wan.Add(host.Services.GetRequiredService<WanEmulator>());
        _moves.Watch(host.Services.GetRequiredService<IMoveSteps>());
        try
        {
            await host.StartAsync(cancellationToken);
            _hosts.Push(host);
        }
        catch
        {
            // A silo that has not started cannot be stopped: trying would hide why.
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    private WebApplication BuildFirst()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseUrls(_config.Place.Url);
        RegionLogging.Configure(builder.Logging, _config.Region);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddGeoApi();
        RegionMetrics.Add(builder.Services);
        builder.UseOrleans(silo => ConfigureSilo(silo, 0, UseStorage));

        var app = builder.Build();
        app.MapGeoApi();
        app.MapAirports();
        app.MapDrill();
        app.MapWan(_config.Region, _wan);
        app.MapMoves(_moves);
        RegionMetrics.Map(app);
        return app;
    }

    private IHost BuildFurther(int silo, IServiceProvider first)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        RegionLogging.Configure(builder.Logging, $"{_config.Region} silo {silo}");
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(orleans => ConfigureSilo(
            orleans, silo, IsOnAzure ? UseStorage : geo => geo.UseOpenStore(first.GetRequiredService<IRegionStore>())));
        return builder.Build();
    }

    private bool IsOnAzure => _config.Storage.Kind == StorageKind.AzureTables;

    private void UseStorage(GeoBuilder geo)
    {
        switch (_config.Storage)
        {
            case { Kind: StorageKind.Memory }:
                geo.UseMemory();
                break;
            case { Kind: StorageKind.Sqlite, Where: { } path }:
                geo.UseSqlite(path);
                break;
            case { Where: { } account }:
                // Emulators answer from one thread each, all on this machine: they are not asked for much at once, and a lease outlives their slowest answer.
                geo.UseAzureTables(options => (options.ConnectionString, options.RequestsAtOnce) = (account, RequestsOfEmulator));
                geo.Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = LeaseOnEmulator);
                break;
        }
    }

    private void ConfigureSilo(ISiloBuilder builder, int silo, Action<GeoBuilder> useStore)
    {
        var place = _config.Place;
        if (IsOnAzure)
        {
            builder.UseAzureTablesMembership(options => options.ConnectionString = _config.Storage.Where);
            builder.ConfigureEndpoints(IPAddress.Loopback, place.SiloPorts[silo], place.GatewayPorts[silo]);
            builder.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (ServiceId, _config.Region));
            builder.Configure<ClusterMembershipOptions>(static options =>
            {
                // A region that was killed is started again in seconds: what it left in the table must not count as alive for minutes.
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
                options.NumMissedTableIAmAliveLimit = 3;
            });
        }
        else
        {
            var primary = new IPEndPoint(IPAddress.Loopback, place.SiloPorts[0]);
            builder.UseLocalhostClustering(place.SiloPorts[silo], place.GatewayPorts[silo], silo == 0 ? null : primary, ServiceId, _config.Region);
        }

        builder.Configure<SiloOptions>(options => options.SiloName = $"{_config.Region}-{silo}");
        builder.AddOrleansGeo(_config.Region, geo =>
        {
            string[] regions = [.. _config.World.Select(static region => region.Region)];
            geo.World(regions).AddWanEmulation(WanMatrix.Parse(_config.Wan, regions));
            foreach (var peer in _config.Peers)
            {
                geo.Peer(peer.Region, [.. peer.GatewayPorts.Select(static port => new IPEndPoint(IPAddress.Loopback, port))]);
            }

            // The regions of a world stop together: there is no region to hand over to.
            geo.Shutdown(static options => options.DrainPeriod = TimeSpan.Zero);
            geo.Configure(options =>
            {
                foreach (var region in _config.Priority)
                {
                    options.Priority.Add(region);
                }
            });
            useStore(geo);
        });
    }
}
