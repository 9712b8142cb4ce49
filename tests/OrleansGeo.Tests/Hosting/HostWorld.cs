using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Hosting;

/// <summary>Three regions of ordinary hosts, as a user of the library builds them: nothing of the server, nothing of test clusters. Disks outlive hosts.</summary>
internal sealed class HostWorld : IAsyncDisposable
{
    public const string West = "westeurope";
    public const string East = "eastus2";
    public const string Asia = "southeastasia";

    public static readonly string[] Names = [West, East, Asia];

    private const int Silos = 2;

    private readonly Dictionary<(string Region, int Silo), (int Silo, int Gateway)> _ports = [];
    private readonly Dictionary<(string Region, int Silo), IHost> _hosts = [];
    private readonly Dictionary<string, MemoryRegionDisk> _disks = Names.ToDictionary(static name => name, static _ => new MemoryRegionDisk());

    public HostWorld()
    {
        var free = FreePorts(Names.Length * Silos * 2);
        foreach (var name in Names)
        {
            for (var silo = 0; silo < Silos; silo++)
            {
                _ports[(name, silo)] = (free.Dequeue(), free.Dequeue());
            }
        }
    }

    /// <summary>Configures each silo of a region, before OrleansGeo is added to it.</summary>
    public Action<string, ISiloBuilder> Silo { get; init; } = static (_, _) => { };

    public Action<GeoBuilder> Geo { get; init; } = static _ => { };

    public LogRecorder Log { get; } = new();

    public async Task StartAsync(string region, int silo = 0)
    {
        var host = Build(region, silo);
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }

        lock (_hosts)
        {
            _hosts[(region, silo)] = host;
        }
    }

    /// <summary>Starts all regions, and waits until each is home of something and can hand it over.</summary>
    public async Task StartAllAsync()
    {
        await Task.WhenAll(Names.Select(name => StartAsync(name)));
        await Wait.UntilAsync("every region holds its lease, and all know it", () => Task.FromResult(
            Names.All(at => Names.All(name => StatusOf(at, name) is { HoldsLease: true, IsUp: true, Generation: > 0 }))));
    }

    /// <summary>Stops a silo's host as SIGTERM does.</summary>
    public Task StopAsync(string region, int silo = 0) => StopAsync(region, silo, CancellationToken.None);

    /// <summary>Stops it without a goodbye: its sockets close, nothing is handed over.</summary>
    public Task KillAsync(string region, int silo = 0) => StopAsync(region, silo, new CancellationToken(canceled: true));

    public IGrainFactory Grains(string region) => Service<IGrainFactory>(region);

    public T Service<T>(string region, int silo = 0)
        where T : notnull => _hosts[(region, silo)].Services.GetRequiredService<T>();

    public WorldTopology Topology(string at) => Service<IGeoWorld>(at).Topology;

    public RegionStatus StatusOf(string at, string region) => Service<IGeoWorld>(at).GetRegions().Single(status => status.Region.Name == region);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_hosts.Keys.ToArray().Select(place => KillAsync(place.Region, place.Silo)));

    private async Task StopAsync(string region, int silo, CancellationToken cancellationToken)
    {
        IHost? host;
        lock (_hosts)
        {
            _hosts.Remove((region, silo), out host);
        }

        try
        {
            await host!.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it was asked.
        }

        await ((IAsyncDisposable)host!).DisposeAsync();
    }

    /// <summary>A client in a host of its own, connected to the silos of a region. The same list of regions as a silo's, its own among them.</summary>
    public async Task<IHost> StartClientAsync(string region, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(static options => options.ServiceId = "host-tests")
            .AddOrleansGeo(region, geo =>
            {
                geo.Configure(static options => (options.HashShards, options.AffineShardsPerRegion) = (12, 1));
                foreach (var name in Names)
                {
                    geo.Peer(name, [.. Enumerable.Range(0, Silos).Select(index => $"127.0.0.1:{_ports[(name, index)].Gateway}")]);
                }
            }));
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private IHost Build(string region, int silo)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.UseOrleans(orleans =>
        {
            var (siloPort, gatewayPort) = _ports[(region, silo)];
            orleans.UseLocalhostClustering(siloPort, gatewayPort, new IPEndPoint(IPAddress.Loopback, _ports[(region, 0)].Silo), "host-tests", region);
            orleans.Services.AddSingleton<CallLog>();
            Silo(region, orleans);
            orleans.AddOrleansGeo(region, geo =>
            {
                geo.World(Names).Configure(static options => (options.HashShards, options.AffineShardsPerRegion) = (12, 1));
                foreach (var peer in Names.Where(name => name != region))
                {
                    geo.Peer(peer, [.. Enumerable.Range(0, Silos).Select(index => new IPEndPoint(IPAddress.Loopback, _ports[(peer, index)].Gateway))]);
                }

                _ = silo == 0 ? geo.UseMemory(_disks[region]) : geo.UseOpenStore(Service<IRegionStore>(region));
                Geo(geo);
            });
        });
        return builder.Build();
    }

    private static Queue<int> FreePorts(int count)
    {
        // All held at once, so that they differ from each other.
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = new Queue<int>(listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port));
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
