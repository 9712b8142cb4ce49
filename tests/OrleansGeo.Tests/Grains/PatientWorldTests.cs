using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Planned moves of a world that gives requests more time than they need, and whose shards take little at once.</summary>
[MostlyWaits]
public sealed class PatientWorldTests : IAsyncLifetime
{
    private readonly Dictionary<string, MemoryRegionDisk> _disks = [];
    private GeoTestCluster _world = null!;

    public async Task InitializeAsync()
    {
        _world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = region => new MemoryRegionStore(_disks[region.Name] = new()),
            SilosPerRegion = 1,
            ConfigureSilo = static silo =>
            {
                silo.Services.AddSingleton<CallLog>();
                silo.Services.Configure<FailoverOptions>(static failover => failover.HandOverGrace = TimeSpan.FromSeconds(30));
                silo.Services.Configure<GeoLimits>(static limits => limits.StagedBytes = 64 * 1024);
            },
        });
        await _world.WhenSettledAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_object_that_has_ended_takes_what_another_object_sends_when_it_ends()
    {
        var key = _world.KeyIn("westeurope", Jotter.Type, "leaves");
        await Wait.ForAsync("a call is answered", _world["westeurope"].Grains.GetGrain<IJotter>(key).Note("early"));
        var home = _world.HomeShardOf(Jotter.Type, key);
        await Wait.ForAsync("a call is answered", _world["westeurope"].Grains.GetGrain<ILodger>(key).Number());
        var leaves = home.LeavesAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
        try
        {
            await Wait.UntilAsync("the one has ended", () => Task.FromResult(_world.Told($"{key} is written") == 1));
            await Wait.ForAsync("the other ends", Barriers.Of(key).Reached);
            Barriers.Of(key).Open();
            await Wait.ForAsync("the shard may leave", leaves);
        }
        finally
        {
            home.Departures.Withdraw();
        }

        Assert.Equal(["early", "left"], await Regions.StronglyAsync(() => _world["westeurope"].Grains.GetGrain<IJotter>(key).Read()));
    }

    [Fact]
    public async Task A_request_of_which_a_part_is_an_entry_runs_once_though_its_shard_is_handed_over()
    {
        var key = _world.KeyIn("westeurope", "test.steps", "handed");
        var steps = _world["southeastasia"].Grains.GetGrain<ISteps>(key);
        var request = steps.AppendThenActThenStop("line", FirstEffect.Read, key);
        await Wait.ForAsync("a part is an entry", Barriers.Of(key).Reached);
        var home = _world.HomeShardOf("test.steps", key);
        var handed = _world.HandOverAsync("test.steps", key, "eastus2");
        await Wait.UntilAsync("the shard is about to leave", () => Task.FromResult(home.Departures.IsLeaving($"test.steps/{key}")));
        Barriers.Of(key).Open();
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        await Wait.ForAsync("the shard has left", handed);
        Assert.Equal(1, Barriers.Of(key).Arrivals);
        Assert.Equal(["line"], await Regions.StronglyAsync(() => steps.Read()));
    }

    [Fact]
    public async Task A_request_that_runs_beside_others_runs_once_though_its_entity_moves()
    {
        var key = _world.KeyIn("westeurope", Hall.Type, "moved");
        var hall = _world["southeastasia"].Grains.GetGrain<IHall>(key);
        var writing = hall.AppendThenStopThenAppend("first", key, "second");
        await Wait.ForAsync("it has written", Barriers.Of(key).Reached);
        var home = _world.HomeShardOf(Hall.Type, key);
        var moved = _world.PinAsync(Hall.Type, key, "eastus2");
        await Wait.UntilAsync("the entity is about to leave", () => Task.FromResult(home.Departures.IsLeaving($"{Hall.Type}/{key}")));
        Barriers.Of(key).Open();
        Assert.Equal(2, await Wait.ForAsync("the request is answered", writing));
        await Wait.ForAsync("the entity has moved", moved);
        Assert.Equal(1, Barriers.Of(key).Arrivals);
        Assert.Equal(["first", "second"], await Regions.StronglyAsync(() => hall.Read()));
    }

    /// <summary>That would be said of the write alone: what the request called has happened, and a caller that tries anew would have it happen twice.</summary>
    [Fact]
    public async Task A_request_that_called_another_and_found_its_shard_full_is_not_told_that_nothing_happened()
    {
        var (key, other) = (_world.KeyIn("westeurope", "test.diary", "full"), _world.KeyIn("eastus2", "test.diary", "full-other"));
        var diary = _world["westeurope"].Grains.GetGrain<IDiary>(key);
        var request = diary.TellThenStop(key, other, "told");
        await Wait.ForAsync("it has called another", Barriers.Of(key).Reached);
        var home = _world.HomeShardOf("test.diary", key);
        _disks["westeurope"].Faults.Pause();
        try
        {
            var staged = StageVerdict.Staged;
            for (var number = 0; staged == StageVerdict.Staged; number++)
            {
                var live = await home.HoldAsync($"test.beside/{number}");
                staged = home.Stage(new(live, live.Current!.Version, RequestId.None, 0, [new("memory", new byte[16 * 1024])], default), out _).Verdict;
                home.Release(live);
            }

            Assert.Equal(StageVerdict.TooManyStaged, staged);
            Barriers.Of(key).Open();
            await Wait.UntilAsync("it runs again, or fails", () => Task.FromResult(Barriers.Of(key).Arrivals > 1 || request.IsCompleted));
        }
        finally
        {
            _disks["westeurope"].Faults.Resume();
        }

        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        Assert.Equal(["told"], await Regions.StronglyAsync(() => _world["eastus2"].Grains.GetGrain<IDiary>(other).Read()));
        Assert.Equal(["told"], await Regions.StronglyAsync(() => diary.Read()));
    }
}
