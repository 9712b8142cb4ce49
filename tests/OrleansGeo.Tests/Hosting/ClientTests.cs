using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansGeo.Operations;
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

    private static string KeyIn(IGeoWorld world, string region) => Enumerable.Range(0, 10_000).Select(static index => $"client-{index}")
        .First(key => world.Locate(GrainId.Create("test.ledger", key))!.Value.Home.Region.Name == region);
}
