using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Runtime.Storage.Memory;
using OrleansGeo.TestingHost;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

/// <summary>A caller's filters see each call once, with its arguments, its result and its exception, wherever the home is.</summary>
[MostlyWaits]
public sealed class OutgoingFilterTests : IAsyncLifetime
{
    private readonly SeenCalls _seen = new();
    private GeoTestCluster _world = null!;

    public async Task InitializeAsync()
    {
        _world = await GeoTestCluster.StartAsync(new()
        {
            CreateStore = static _ => new MemoryRegionStore(new MemoryRegionDisk()),
            SilosPerRegion = 1,
            ConfigureSilo = silo =>
            {
                silo.Services.AddSingleton<CallLog>();
                silo.Services.AddSingleton(_seen);
                silo.AddOutgoingGrainCallFilter<OutgoingSpy>();
            },
        });
        await _world.WhenLinkedAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("westeurope")]
    [InlineData("eastus2")]
    public async Task A_filter_sees_and_changes_a_call_wherever_its_home_is(string home)
    {
        var key = _world.KeyIn(home, "test.ledger", "filtered");
        var ledger = Grains.GetGrain<ILedger>(key);

        Assert.Equal(1001, await ledger.Append("changed on the way"));
        Assert.Equal([$"Append {key} 1"], _seen.Take());

        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
        {
            Assert.Equal(["changed"], await ledger.Read());
            Assert.Equal([$"Read {key} 1"], _seen.Take());
        }

        await ledger.Read();
        Assert.Equal("Read", Assert.Single(_seen.Take()).Split(' ')[0]);

        var padded = _world.KeyIn(home, "test.ledger", "padded");
        await Assert.ThrowsAsync<GeoException>(() => Grains.GetGrain<ILedger>(padded).Pad(512 * 1024));
        Assert.Equal([$"Pad {padded} {nameof(GeoException)}"], _seen.Take());

        // Inside a geo grain, at its home: once for the call of the errand, once for the call that it makes.
        var errand = _world.KeyIn(home, "test.errand", "filtered");
        await Grains.GetGrain<IErrand>(errand).Append(key, "nested");
        Assert.Equal([$"Append {key} 2", $"Append {errand} "], _seen.Take());
    }

    [Fact]
    public async Task A_filter_sees_calls_of_plain_grains_as_ever()
    {
        await Grains.GetGrain<IMessenger>("plain").PassOn(1);
        Assert.Equal(["PassOn plain-1 ", "PassOn plain "], _seen.Take());
    }

    private IGrainFactory Grains => _world["westeurope"].Services.First().GetRequiredService<IGrainFactory>();
}
