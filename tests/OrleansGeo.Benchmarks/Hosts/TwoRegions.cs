using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Benchmarks.Grains;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Benchmarks.Hosts;

/// <summary>A world of two linked regions and beside it a plain cluster; all of them run all the time, so that whatever they do when idle slows both sides.</summary>
internal sealed class TwoRegions : IAsyncDisposable
{
    private const string Near = "near";
    private const string Far = "far";

    private readonly Stack<IAsyncDisposable> _parts = new();

    private TwoRegions()
    {
    }

    /// <summary>The region whose silo is measured.</summary>
    public BenchSilo NearSilo { get; private set; } = null!;

    /// <summary>The home of <see cref="FarKeys"/>.</summary>
    public BenchSilo FarSilo { get; private set; } = null!;

    /// <summary>A silo without OrleansGeo.</summary>
    public BenchSilo PlainSilo { get; private set; } = null!;

    /// <summary>An ordinary client of the far region, from this process.</summary>
    public DirectClient FarClient { get; private set; } = null!;

    /// <summary>A client of the far region that knows OrleansGeo.</summary>
    public DirectClient FarGeoClient { get; private set; } = null!;

    public static async Task<TwoRegions> StartAsync()
    {
        var world = new TwoRegions();
        try
        {
            await world.StartPartsAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keys of entities whose home is the far region.</summary>
    public IEnumerable<string> FarKeys(int count) => Enumerable.Range(0, int.MaxValue).Select(static i => $"counter-{i}").Where(IsFar).Take(count);

    public bool IsFar(string key) =>
        NearSilo.Services.GetRequiredService<IGeoWorld>().Locate(NearSilo.Grains.GetGrain<IGeoCounter>(key).GetGrainId())!.Value.Home.Region == new RegionId(Far);

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync()
    {
        var ports = FreePorts.Take(6);
        FarSilo = await AddAsync(BenchSilo.StartAsync(Far, ports[0], ports[1], silo => silo.AddOrleansGeo(Far, geo => Configure(geo, Near, ports[3]))));
        NearSilo = await AddAsync(BenchSilo.StartAsync(Near, ports[2], ports[3], silo => silo.AddOrleansGeo(Near, geo => Configure(geo, Far, ports[1]))));
        PlainSilo = await AddAsync(BenchSilo.StartAsync("plain", ports[4], ports[5], static _ => { }));
        FarClient = await AddAsync(DirectClient.StartAsync(Far, FarSilo.Gateway, static _ => { }));
        FarGeoClient = await AddAsync(DirectClient.StartAsync(
            Far, FarSilo.Gateway, client => client.AddOrleansGeo(Far, geo => geo.World(Near, Far).Peer(Near, Loopback(ports[3])))));
        foreach (var silo in new[] { NearSilo, FarSilo })
        {
            foreach (var link in silo.Services.GetRequiredService<IRegionLinks>().All)
            {
                await link.WhenUpAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Leases outlast the load, which leaves nothing for those who renew them.</summary>
    private static void Configure(GeoBuilder geo, string peer, int peerGateway) => geo
        .World(Near, Far).Peer(peer, Loopback(peerGateway))
        .UseMemory()
        .Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromMinutes(1));

    private static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);

    private async Task<T> AddAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var part = await starting;
        _parts.Push(part);
        return part;
    }
}
