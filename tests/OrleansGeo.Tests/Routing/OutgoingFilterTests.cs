using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Grains;
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
        _world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = static _ => new MemoryRegionStore(new MemoryRegionDisk()),
            SilosPerRegion = 1,
            ConfigureSilo = silo =>
            {
                silo.Services.AddSingleton<CallLog>();
                silo.Services.AddSingleton(_seen);
                silo.AddOutgoingGrainCallFilter<OutgoingSpy>();
                silo.AddOutgoingGrainCallFilter(static async context =>
                {
                    if (context.MethodName == nameof(IDiary.AppendOneWay) && context.Request.GetArgument(0) is "sent late")
                    {
                        await Barriers.Of("late-filter").PassAsync();
                    }

                    if (context.MethodName == nameof(IDiary.Append) && context.Request.GetArgument(0) is "thrown once" && Barriers.Of("thrown-once").Arrivals == 0)
                    {
                        Barriers.Of("thrown-once").Open();
                        await Barriers.Of("thrown-once").PassAsync();
                        throw new InvalidTimeZoneException("as asked");
                    }

                    await context.Invoke();
                });
            },
        });
        await _world.WhenSettledAsync();
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

    /// <summary>The filter goes on after the method that made the call has ended, and the method runs twice, because its entity moves.</summary>
    [Fact]
    public async Task A_one_way_call_that_a_filter_holds_up_takes_effect_once()
    {
        var (key, other) = (_world.KeyIn("westeurope", "test.diary", "late-sender"), "late-other");
        var method = Barriers.Of("late-method");
        var sending = Grains.GetGrain<IDiary>(key).SendLateThenAppend(other, "sent late", "late-method");
        await Wait.ForAsync("the method has sent", method.Reached);
        await _world.PinAsync("test.diary", key, "eastus2");
        method.Open();
        Assert.Equal(1, await Wait.ForAsync("the method is answered", sending));
        await Wait.UntilAsync("the filter holds both", () => Task.FromResult(Barriers.Of("late-filter").Arrivals == 2));
        Barriers.Of("late-filter").Open();

        await Wait.UntilAsync("it arrived", async () => (await ReadAsync(other)).Length > 0);
        Assert.Equal(2, await Wait.ForAsync("another method is answered", Grains.GetGrain<IDiary>(key).SendThenAppend(other, "sent after it", "late-method")));
        await Wait.UntilAsync("the other one arrived", async () => (await ReadAsync(other)).Contains("sent after it"));
        Assert.Equal(["sent late", "sent after it"], await ReadAsync(other));
    }

    /// <summary>The first time a filter throws, and the method makes the call again; the second time, because its entity moves, no filter throws.</summary>
    [Fact]
    public async Task A_call_that_a_filter_did_not_send_takes_no_number_from_the_one_that_is_sent()
    {
        var (key, other) = (_world.KeyIn("westeurope", "test.diary", "insists"), "insists-other");
        var insisting = Grains.GetGrain<IDiary>(key).InsistThenStop("insists", other, "thrown once");
        await Wait.ForAsync("the method has called", Barriers.Of("insists").Reached);
        await _world.PinAsync("test.diary", key, "eastus2");
        Barriers.Of("insists").Open();
        Assert.Equal(1, await Wait.ForAsync("the method is answered", insisting));
        Assert.Equal(2, Barriers.Of("insists").Arrivals);
        Assert.Equal(["thrown once"], await ReadAsync(other));
    }

    private Task<string[]> ReadAsync(string diary) => Regions.StronglyAsync(() => Grains.GetGrain<IDiary>(diary).Read());

    private IGrainFactory Grains => _world["westeurope"].Services.First().GetRequiredService<IGrainFactory>();
}
