using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Testing;

namespace OrleansGeo.Testing;

/// <summary>
/// A world in one process: an Orleans <c>TestCluster</c> for each region, linked over TCP with an emulated wide area network that can be
/// slow or cut. Regions can be stopped and started.
/// </summary>
/// <example><code>
/// await using var world = await GeoTestCluster.StartAsync();
/// await world["eastus2"].Grains.GetGrain&lt;ICart&gt;("ada").Add("book", 1);
/// world.Cut("eastus2", "westeurope");
/// </code></example>
public sealed class GeoTestCluster : IAsyncDisposable
{
    private readonly Dictionary<string, GeoTestRegion> _regions;

    private GeoTestCluster(GeoTestClusterOptions options)
    {
        Options = options;
        _regions = options.Regions.ToDictionary(static name => name, name => new GeoTestRegion(this, new RegionId(name)));
    }

    /// <summary>What the world consists of.</summary>
    public GeoTestClusterOptions Options { get; }

    /// <summary>The regions, in the world's order.</summary>
    public IEnumerable<GeoTestRegion> Regions => Options.Regions.Select(name => _regions[name]);

    /// <summary>The region of that name.</summary>
    public GeoTestRegion this[string region] => _regions[region];

    /// <summary>Starts every region; completes when all are linked and may act as home.</summary>
    /// <param name="options">What the world consists of. Default: three regions of two silos, stores in memory, a network without delay.</param>
    /// <param name="cancellationToken">Gives up, for a world that cannot come up.</param>
    public static async Task<GeoTestCluster> StartAsync(GeoTestClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var world = await StartUnlinkedAsync(options ?? new());
        try
        {
            await world.WhenLinkedAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every region; completes when all silos are up. Links come up by themselves soon after.</summary>
    internal static async Task<GeoTestCluster> StartUnlinkedAsync(GeoTestClusterOptions options)
    {
        var world = new GeoTestCluster(options);
        try
        {
            await Task.WhenAll(world.Regions.Select(static region => region.StartAsync()));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the network between two regions, both ways and silently: nothing is closed, nothing arrives.</summary>
    public void Cut(string one, string other) => SetCut(one, other, true);

    /// <summary>Heals a cut.</summary>
    public void Heal(string one, string other) => SetCut(one, other, false);

    /// <summary>Completes when every running region's silos are linked to every other running region, and all know that all may act as home.</summary>
    public async Task WhenLinkedAsync(CancellationToken cancellationToken = default)
    {
        var running = Regions.Where(static region => region.IsRunning).ToList();
        await Task.WhenAll(running.SelectMany(from => running.Where(to => to != from).Select(to => from.WhenLinkedToAsync(to.Region, cancellationToken))));
        while (!running.All(at => running.All(region => at.SeesHome(region.Region))))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Stops every region.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Regions.Where(static region => region.IsRunning).Select(static region => region.StopAsync()));
    }

    internal IPEndPoint[] GatewaysOf(string region) => _regions[region].Gateways;

    private void SetCut(string one, string other, bool cut)
    {
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            foreach (var emulator in _regions[from].Services.Select(static services => services.GetRequiredService<WanEmulator>()))
            {
                var region = new RegionId(to);
                emulator.Set(region, emulator.Get(region) with { Cut = cut });
            }
        }
    }
}
