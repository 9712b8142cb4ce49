using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.TestingHost;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;

namespace OrleansGeo.Testing;

/// <summary>One region of a <see cref="GeoTestCluster"/>.</summary>
public sealed class GeoTestRegion
{
    private const string ServiceId = "orleansgeo-test";

    private readonly GeoTestCluster _world;
    private readonly int _siloPort;
    private readonly int _gatewayPort;
    private readonly ConcurrentBag<IHost> _hosts = [];
    private readonly MemoryRegionDisk _disk = new();
    private TestCluster? _cluster;

    internal GeoTestRegion(GeoTestCluster world, RegionId region)
    {
        _world = world;
        Region = region;
        (_siloPort, _gatewayPort) = new TestClusterPortAllocator().AllocateConsecutivePortPairs(world.Options.SilosPerRegion);
    }

    /// <summary>The region.</summary>
    public RegionId Region { get; }

    /// <summary>Whether the region was started, and not stopped since.</summary>
    public bool IsRunning => _cluster is not null;

    /// <summary>The region's Orleans cluster.</summary>
    public TestCluster Cluster => _cluster ?? throw new InvalidOperationException($"Region {Region} is stopped.");

    /// <summary>A client of this region's cluster that routes calls to geo grains.</summary>
    public IGrainFactory Grains => Cluster.GrainFactory;

    /// <summary>The region's store, shared by its silos.</summary>
    public IRegionStore Store { get; private set; } = null!;

    /// <summary>The services of each silo, then of the client.</summary>
    public IEnumerable<IServiceProvider> Services =>
        Cluster.Silos.Select(static silo => ((InProcessSiloHandle)silo).ServiceProvider).Append(Cluster.ServiceProvider);

    internal IPEndPoint[] Gateways => [.. Enumerable.Range(0, _world.Options.SilosPerRegion).Select(silo => new IPEndPoint(IPAddress.Loopback, _gatewayPort + silo))];

    /// <summary>Starts the region, again if it was stopped: on the same ports, with a store made anew.</summary>
    public async Task StartAsync()
    {
        Store = _world.Options.CreateStore?.Invoke(Region) ?? new MemoryRegionStore(_disk);
        await Store.OpenAsync(GeoOptionsOf(Configure).ToStoreWorld(ServiceId));
        var key = GeoTestRegistry.Add(this);
        var builder = new TestClusterBuilder(_world.Options.SilosPerRegion);
        builder.Options.ClusterId = Region.Name;
        builder.Options.ServiceId = ServiceId;
        builder.Options.BaseSiloPort = _siloPort;
        builder.Options.BaseGatewayPort = _gatewayPort;
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.Options.ConfigureFileLogging = false;
        builder.Properties[GeoTestRegistry.Key] = key;
        builder.AddSiloBuilderConfigurator<GeoTestRegistry.Silo>();
        builder.AddClientBuilderConfigurator<GeoTestRegistry.Client>();
        var cluster = builder.Build();
        _hosts.Clear();
        try
        {
            await cluster.DeployAsync();
            _cluster = cluster;
        }
        catch
        {
            await AbandonAsync(cluster);
            throw;
        }
    }

    /// <summary>A region that does not start leaves nothing behind: the cluster does not know of a silo whose start failed.</summary>
    private async Task AbandonAsync(TestCluster cluster)
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.Dispose();
        }

        await cluster.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Store.DisposeAsync();
    }

    /// <summary>
    /// Stops the region's silos without a goodbye to the other regions, as a crash would, and closes its store. With <see cref="ShutdownOptions.DrainPeriod"/>
    /// set in <see cref="GeoTestClusterOptions.ConfigureGeo"/> the last silo hands the region's homes over first, as a host does.
    /// </summary>
    public async Task StopAsync()
    {
        var cluster = Cluster;
        _cluster = null;
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Completes when every silo and the client is linked to the region.</summary>
    public async Task WhenLinkedToAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        foreach (var services in Services)
        {
            if (services.GetRequiredService<IRegionLinks>().TryGet(region, out var link))
            {
                await link.WhenUpAsync(cancellationToken);
            }
        }
    }

    /// <summary>Whether every process of this region knows that the other one may act as home.</summary>
    internal bool SeesHome(RegionId region) => Services.All(services =>
        services.GetRequiredService<IGeoWorld>() is var world
        && world.Topology.StateOf(region).Generation > 0
        && world.GetRegions().Any(status => status.Region == region && status.HoldsLease));

    internal void Configure(GeoBuilder geo)
    {
        geo.World([.. _world.Options.Regions]).AddWanEmulation(_world.Options.Wan)
            .Shutdown(static options => options.DrainPeriod = TimeSpan.Zero);
        foreach (var peer in _world.Options.Regions.Where(name => name != Region.Name))
        {
            geo.Peer(peer, _world.GatewaysOf(peer));
        }

        _world.Options.ConfigureGeo(geo);
    }

    private GeoOptions GeoOptionsOf(Action<GeoBuilder> configure)
    {
        var services = new ServiceCollection();
        services.Configure<GeoOptions>(options => options.Region = Region.Name);
        configure(new GeoBuilder(services));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<GeoOptions>>().Value;
    }

    internal void ConfigureClient(IClientBuilder client)
    {
        client.AddOrleansGeo(Region.Name, Configure);
        _world.Options.ConfigureClient(client);
    }

    internal void ConfigureSilo(ISiloBuilder silo)
    {
        silo.AddOrleansGeo(Region.Name, geo =>
        {
            geo.UseOpenStore(Store);
            Configure(geo);
        });
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => new StartedHost(services.GetRequiredService<IHost>(), _hosts));
        _world.Options.ConfigureSilo(silo);
    }
}
