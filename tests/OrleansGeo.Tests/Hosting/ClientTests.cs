using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Grains;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Hosting;

/// <summary>A client in a process of its own, as the documentation has it.</summary>
[MostlyWaits]
public sealed class ClientTests
{
    [Fact]
    public async Task A_client_reaches_entities_of_every_region_and_goes_on_when_its_own_is_gone()
    {
        await using var world = new HostWorld();
        await world.StartAllAsync();
        using var client = await world.StartClientAsync(HostWorld.West);
        var (grains, known) = (client.Services.GetRequiredService<IGrainFactory>(), client.Services.GetRequiredService<IGeoWorld>());
        var keys = HostWorld.Names.ToDictionary(static name => name, name => KeyIn(known, name));
        foreach (var (region, key) in keys)
        {
            using var session = GeoSession.Begin();
            Assert.Equal(1, await grains.GetGrain<ILedger>(key).Append("1"));
            Assert.Equal(region, session.Last!.Value.Home.Name);
        }

        // Nothing that the client is connected to is left. What was at home there is promoted, and the others tell the client.
        await world.KillAsync(HostWorld.West);
        foreach (var key in keys.Values)
        {
            using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromMinutes(1) });
            Assert.Equal(2, await grains.GetGrain<ILedger>(key).Append("2"));
            Assert.NotEqual(HostWorld.West, session.Last!.Value.Home.Name);
        }
    }

    /// <summary>The region is heard, so that an answer comes: asked elsewhere meanwhile, the request would run twice at a time.</summary>
    [Fact]
    public async Task A_request_of_a_client_runs_once_at_a_time_when_its_home_moves_as_planned()
    {
        await using var world = new HostWorld();
        await world.StartAllAsync();

        // A stall of the machine is not to pass for a region of which nothing is heard.
        using var client = await world.StartClientAsync(HostWorld.West, static services => services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(30)));
        var (grains, known) = (client.Services.GetRequiredService<IGrainFactory>(), client.Services.GetRequiredService<IGeoWorld>());
        var key = KeyIn(known, HostWorld.West);
        var barrier = Barriers.Of(key);
        var blocked = grains.GetGrain<ILedger>(key).Block(CancellationToken.None);
        await Wait.ForAsync("the request runs", barrier.Reached);
        await world.Service<IGeoAdmin>(HostWorld.East).DrainAsync(new(HostWorld.West));
        await Wait.UntilAsync("the client knows the new home", () => Task.FromResult(known.Locate(GrainId.Create("test.ledger", key))!.Value.Home.Region.Name != HostWorld.West));

        // Several times as long as a client waits before it looks.
        for (var i = 0; i < 30 && barrier.Arrivals == 1; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal((1, false), (barrier.Arrivals, blocked.IsCompleted));
        barrier.Open();
        Assert.Equal("", await Wait.ForAsync("the request is answered", blocked));
    }

    private static string KeyIn(IGeoWorld world, string region) => Enumerable.Range(0, 10_000).Select(static index => $"client-{index}")
        .First(key => world.Locate(GrainId.Create("test.ledger", key))!.Value.Home.Region.Name == region);
}
