using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Links;

/// <summary>Small Orleans clusters over TCP, one or more silos per region, linked to each other. Silos start and stop on fixed ports.</summary>
internal sealed class LinkWorld : IAsyncDisposable
{
    public const string ServiceId = "link-tests";

    // Longer than any wait in these tests takes; reaching it means that the awaited event did not happen.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string[] _regions;
    private readonly int _silosPerRegion;
    private readonly Dictionary<(string Region, int Silo), (int Silo, int Gateway)> _ports = [];
    private readonly Dictionary<(string Region, int Silo), IHost> _hosts = [];

    public LinkWorld(string[] regions, int silosPerRegion = 1)
    {
        _regions = regions;
        _silosPerRegion = silosPerRegion;
        var free = FreePorts(regions.Length * silosPerRegion * 2);
        foreach (var region in regions)
        {
            for (var silo = 0; silo < silosPerRegion; silo++)
            {
                _ports[(region, silo)] = (free.Dequeue(), free.Dequeue());
            }
        }
    }

    /// <summary>Emulation with this matrix; null leaves it out altogether.</summary>
    public WanMatrix? Wan { get; init; }

    public Action<RegionLinkOptions>? Links { get; init; }

    public Action<ISiloBuilder>? Silo { get; init; }

    /// <summary>Answers for the names <c>REGION.test</c>, by which links then dial; null: they dial addresses.</summary>
    public FakeHostNames? Names { get; init; }

    /// <summary>At which address the silos of a region, when they start, listen and are advertised.</summary>
    public Func<string, IPAddress> Address { get; set; } = static _ => IPAddress.Loopback;

    /// <summary>Where links dial a gateway, if not at its own address. The silo advertises it: Orleans refuses what was sent to another address.</summary>
    public Func<IPEndPoint, IPEndPoint> Dial { get; set; } = gateway => gateway;

    public static async Task<LinkWorld> StartedAsync(WanMatrix? wan = null, params string[] regions)
    {
        var world = new LinkWorld(regions) { Wan = wan };
        await Task.WhenAll(regions.Select(region => world.StartAsync(region)));
        return world;
    }

    public async Task StartAsync(string region, int silo = 0)
    {
        var host = Build(region, silo);
        await host.StartAsync();
        _hosts[(region, silo)] = host;
    }

    /// <summary>Stops a silo without a goodbye: its sockets close, nothing is handed over.</summary>
    public async Task KillAsync(string region, int silo = 0)
    {
        _hosts.Remove((region, silo), out var host);
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await host!.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // That is how it was asked.
        }

        await Release(host!);
    }

    public async Task StopAsync(string region, int silo = 0)
    {
        _hosts.Remove((region, silo), out var host);
        await host!.StopAsync();
        await Release(host);
    }

    public RegionLink Link(string from, string to, int silo = 0)
    {
        Assert.True(Service<IRegionLinks>(from, silo).TryGet(new RegionId(to), out var link));
        return Assert.IsType<RegionLink>(link);
    }

    public async Task<RegionChannel> ChannelAsync(string from, string to)
    {
        using var patience = new CancellationTokenSource(Patience);
        var link = Link(from, to);
        try
        {
            return await link.WhenUpAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(link.DownReason);
        }
    }

    public WanEmulator Emulator(string region) => Service<WanEmulator>(region);

    public T Service<T>(string region, int silo = 0)
        where T : notnull => _hosts[(region, silo)].Services.GetRequiredService<T>();

    public IPEndPoint Gateway(string region, int silo = 0) => new(Address(region), _ports[(region, silo)].Gateway);

    public async ValueTask DisposeAsync()
    {
        foreach (var (region, silo) in _hosts.Keys.ToArray())
        {
            await KillAsync(region, silo);
        }
    }

    private static async Task Release(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            host.Dispose();
        }
    }

    private IHost Build(string region, int silo)
    {
        var (siloPort, gatewayPort) = _ports[(region, silo)];
        var primary = new IPEndPoint(Address(region), _ports[(region, 0)].Silo);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(orleans =>
        {
            orleans.UseLocalhostClustering(siloPort, gatewayPort, primary, ServiceId, region);
            orleans.Configure<EndpointOptions>(endpoint =>
            {
                endpoint.AdvertisedIPAddress = Address(region);
                endpoint.GatewayPort = Dial(Gateway(region, silo)).Port;
                endpoint.GatewayListeningEndpoint = Gateway(region, silo);
            });
            Silo?.Invoke(orleans);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        var geo = new GeoBuilder(builder.Services).Configure(options => options.Region = region).World(_regions);
        foreach (var peer in _regions.Where(peer => peer != region))
        {
            var gateways = Enumerable.Range(0, _silosPerRegion).Select(index => Dial(Gateway(peer, index))).ToArray();
            _ = Names is null ? geo.Peer(peer, gateways) : geo.Peer(peer, [.. gateways.Select(gateway => $"{peer}.test:{gateway.Port}")]);
        }

        if (Names is { } names)
        {
            builder.Services.AddSingleton<IHostNames>(names);
        }

        if (Links is { } links)
        {
            geo.Links(links);
        }

        if (Wan is { } wan)
        {
            geo.AddWanEmulation(wan, seed: 1);
        }

        builder.Services.AddSiloLinks();
        return builder.Build();
    }

    private static Queue<int> FreePorts(int count)
    {
        // All held at once, so that they differ from each other.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = new Queue<int>(listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port));
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
