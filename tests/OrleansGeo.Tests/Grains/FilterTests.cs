using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Call filters see of a geo grain's calls what they would see without us: method, arguments, result and exception, and can change them.</summary>
[MostlyWaits]
public sealed class FilterTests : IAsyncLifetime
{
    private readonly Watch _silos = new();
    private readonly Watch _clients = new();
    private GeoTestCluster _world = null!;

    public async Task InitializeAsync()
    {
        _world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            SilosPerRegion = 1,
            CreateStore = static _ => new MemoryRegionStore(new MemoryRegionDisk()),
            ConfigureSilo = silo => silo.Services.AddSingleton<CallLog>().AddSingleton<IIncomingGrainCallFilter>(_silos).AddSingleton<IOutgoingGrainCallFilter>(_silos),
            ConfigureClient = client => client.Services.AddSingleton<IOutgoingGrainCallFilter>(_clients),
        });
        await _world.WhenSettledAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task They_see_and_change_method_result_and_exception_once_per_call()
    {
        await Incoming_ones_see_each_execution();
        await Outgoing_ones_see_each_call_of_a_client();
        await Outgoing_ones_see_each_call_of_a_grain();
        await What_an_incoming_one_answers_is_the_recorded_answer();
        await What_an_outgoing_one_answers_is_the_answer();
    }

    [Fact]
    public async Task A_class_that_is_a_filter_sees_and_changes_its_own_calls()
    {
        foreach (var (region, i) in _world.Regions.Select(static (region, i) => (region, i)))
        {
            var grain = region.Grains.GetGrain<ISelfWatchedGrain>("self");
            Assert.Equal(2 * ((2 * i) + 1), await Wait.ForAsync("a write is answered", grain.Add(1)));
            Assert.Equal(-1, await Wait.ForAsync("an exception is answered", grain.Throw("x")));
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Wait.ForAsync("it is refused", grain.Add(-1)));
            Assert.Equal((i + 1) * 2, await Regions.StronglyAsync(() => grain.Total()));
            Assert.Equal(2 * (i + 1), _world.Told("self Add"));
            Assert.Equal(i + 1, _world.Told("self Throw"));
        }
    }

    private async Task Incoming_ones_see_each_execution()
    {
        var total = 0;
        foreach (var region in _world.Regions)
        {
            var grain = region.Grains.GetGrain<IWatchedGrain>("in");
            Assert.Equal(++total, await Wait.ForAsync("a write is answered", grain.Add(1)));
            await Wait.UntilAsync("it is read", async () => await grain.Total() == total);
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("it throws", grain.Throw("x")));
            total++;
        }

        Assert.Equal(["in Add(1) = 1", "in Add(1) = 3", "in Add(1) = 5"], _silos.Incoming.Where(static call => call.StartsWith("in Add", StringComparison.Ordinal)));
        Assert.Equal(3, _silos.Incoming.Count(static call => call == "in Throw(x) threw InvalidTimeZoneException"));
        Assert.Contains("in Total() = 1", _silos.Incoming);
    }

    private async Task Outgoing_ones_see_each_call_of_a_client()
    {
        foreach (var region in _world.Regions)
        {
            await Wait.ForAsync("a write is answered", region.Grains.GetGrain<IWatchedGrain>("out").Add(1));
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("it throws", region.Grains.GetGrain<IWatchedGrain>("out").Throw("x")));
        }

        Assert.Equal(
            ["out Add(1) = 1", "out Throw(x) threw InvalidTimeZoneException", "out Add(1) = 3", "out Throw(x) threw InvalidTimeZoneException", "out Add(1) = 5", "out Throw(x) threw InvalidTimeZoneException"],
            _clients.Outgoing.Where(static call => call.StartsWith("out ", StringComparison.Ordinal)));
    }

    private async Task Outgoing_ones_see_each_call_of_a_grain()
    {
        foreach (var region in _world.Regions)
        {
            var key = _world.KeyIn(region.Region.Name, "test.watched", "caller");
            await Wait.ForAsync("a call is answered", region.Grains.GetGrain<IWatchedGrain>(key).AddTo("called", 1));
        }

        Assert.Equal(["called Add(1) = 1", "called Add(1) = 2", "called Add(1) = 3"], _silos.Outgoing.Where(static call => call.StartsWith("called ", StringComparison.Ordinal)));
        Assert.Equal(3, _silos.Incoming.Count(static call => call.StartsWith("called ", StringComparison.Ordinal)));
    }

    private async Task What_an_incoming_one_answers_is_the_recorded_answer()
    {
        _silos.Bonus = 100;
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "watched-1" });
            Assert.Equal(101, await Wait.ForAsync("a write is answered", region.Grains.GetGrain<IWatchedGrain>("recorded").Add(1)));
        }

        Assert.Single(_silos.Incoming, static call => call == "recorded Add(1) = 1");
        _silos.Bonus = 0;
    }

    private async Task What_an_outgoing_one_answers_is_the_answer()
    {
        _clients.Bonus = 1000;
        foreach (var (region, i) in _world.Regions.Select(static (region, i) => (region, i)))
        {
            Assert.Equal(1001 + i, await Wait.ForAsync("a write is answered", region.Grains.GetGrain<IWatchedGrain>("changed").Add(1)));
        }

        _clients.Bonus = 0;
    }
}
