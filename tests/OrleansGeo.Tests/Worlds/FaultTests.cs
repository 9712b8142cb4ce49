using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Each test has a world of its own, because it breaks it.</summary>
[MostlyWaits]
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly string[] Names = ["westeurope", "eastus2", "southeastasia"];

    private readonly Dictionary<string, MemoryRegionDisk> _disks = Names.ToDictionary(static name => name, static _ => new MemoryRegionDisk());
    private GeoTestCluster _world = null!;

    public async Task InitializeAsync()
    {
        _world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = region => new MemoryRegionStore(_disks[region.Name]),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),
        });
        await _world.WhenSettledAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task With_one_region_down_its_writes_succeed_at_a_new_home_and_everything_else_goes_on()
    {
        var lost = _world.KeyIn("eastus2", "test.ledger", "lost");
        var kept = _world.KeyIn("westeurope", "test.ledger", "kept");
        var west = _world["westeurope"].Grains;
        await west.GetGrain<ILedger>(lost).Append("before");
        await west.GetGrain<ILedger>(kept).Append("before");
        await Wait.UntilAsync("the replica has it", async () => (await west.GetGrain<ILedger>(lost).Read()).Length == 1);

        await _world["eastus2"].StopAsync();
        var waiting = west.GetGrain<ILedger>(lost).Append("during");
        Assert.Equal(["before"], await west.GetGrain<ILedger>(lost).Read());
        Assert.Equal(2, await west.GetGrain<ILedger>(kept).Append("after"));
        Assert.Equal(3, await _world["southeastasia"].Grains.GetGrain<ILedger>(kept).Append("after"));

        Assert.Equal(2, await waiting);
        Assert.NotEqual("eastus2", _world.HomeOf("test.ledger", lost).Region.Name);
        Assert.Equal(3, await _world["southeastasia"].Grains.GetGrain<ILedger>(lost).Append("after"));
    }

    [Fact]
    public async Task A_region_that_was_down_catches_up_and_a_write_that_waited_for_it_succeeds()
    {
        var own = _world.KeyIn("eastus2", "test.ledger", "own");
        var others = _world.KeyIn("westeurope", "test.ledger", "others");
        var west = _world["westeurope"].Grains;
        Assert.Equal(1, await west.GetGrain<ILedger>(own).Append("1"));
        await west.GetGrain<ILedger>(others).Append("1");

        await _world["eastus2"].StopAsync();
        var waiting = west.GetGrain<ILedger>(own).Append("2");
        for (var i = 2; i <= 20; i++)
        {
            Assert.Equal(i, await west.GetGrain<ILedger>(others).Append($"{i}"));
        }

        await _world["eastus2"].StartAsync();

        // The write that waited inside its deadline did not fail.
        Assert.Equal(2, await waiting);
        var east = _world["eastus2"].Grains;
        await Wait.UntilAsync("it caught up", async () => (await east.GetGrain<ILedger>(others).Read()).Length == 20);
        await Wait.UntilAsync("its own is replicated again", async () => (await west.GetGrain<ILedger>(own).Read()).Length == 2);
    }

    [Fact]
    public async Task Writes_across_a_cut_link_go_through_the_third_region_and_it_heals()
    {
        var key = _world.KeyIn("eastus2", "test.ledger", "cut");
        var west = _world["westeurope"].Grains.GetGrain<ILedger>(key);
        await west.Append("1");
        _world.Cut("westeurope", "eastus2");
        Assert.Equal(2, await west.Append("2"));

        // A majority without west is enough for the home, which stays where it was.
        Assert.Equal(3, await _world["southeastasia"].Grains.GetGrain<ILedger>(key).Append("3"));
        Assert.Equal("eastus2", _world.HomeOf("test.ledger", key).Region.Name);
        _world.Heal("westeurope", "eastus2");
        await _world.WhenLinkedAsync();
        var lines = await _world["southeastasia"].Grains.GetGrain<ILedger>(key).Append("4");
        await Wait.UntilAsync("west caught up", async () => (await west.Read()).Length == lines);
    }

    [Fact]
    public async Task An_unconfirmed_write_is_repeated_under_its_id_and_takes_effect_once()
    {
        var key = _world.KeyIn("eastus2", "test.ledger", "unknown");
        var west = _world["westeurope"].Grains.GetGrain<ILedger>(key);
        await west.Append("1");
        _disks["eastus2"].Faults.Pause();
        var write = west.Append("2");
        await Wait.UntilAsync("it is on its way to the disk", async () => await LastEntryAsync("eastus2", key) == 2);

        // The home has it and cannot answer; the caller's link is cut, and it tries again when it is back.
        _world.Cut("westeurope", "eastus2");
        await Wait.UntilAsync("the link is down", () => Task.FromResult(!_world.IsLinked("westeurope", "eastus2")));
        _disks["eastus2"].Faults.Resume();
        _world.Heal("westeurope", "eastus2");
        Assert.Equal(2, await write);
        Assert.Equal(3, await west.Append("3"));
    }

    [Fact]
    public async Task A_region_whose_disk_fails_gives_its_homes_up_and_is_a_replica_when_it_works_again()
    {
        var broken = _world.KeyIn("eastus2", "test.ledger", "broken");
        var healthy = _world.KeyIn("westeurope", "test.ledger", "healthy");
        var west = _world["westeurope"].Grains;
        await west.GetGrain<ILedger>(broken).Append("1");
        _disks["eastus2"].Faults.IsUnavailable = true;
        var waiting = west.GetGrain<ILedger>(broken).Append("2");
        Assert.Equal(1, await west.GetGrain<ILedger>(healthy).Append("1"));

        // Its region's lease would be renewed for ever: only the region itself knows that it cannot write.
        Assert.Equal(2, await waiting);
        Assert.NotEqual("eastus2", _world.HomeOf("test.ledger", broken).Region.Name);
        _disks["eastus2"].Faults.IsUnavailable = false;
        Assert.Equal(3, await west.GetGrain<ILedger>(broken).Append("3"));
        var east = _world["eastus2"].Grains.GetGrain<ILedger>(broken);
        await Wait.UntilAsync("it caught up", async () => (await east.Read()).Length == 3);
    }

    [Fact]
    public async Task A_lost_silo_takes_its_shards_to_the_other_one_of_its_region()
    {
        var keys = Enumerable.Range(0, 12).Select(i => _world.KeyIn("eastus2", "test.ledger", $"silo{i}")).ToList();
        var west = _world["westeurope"].Grains;
        foreach (var key in keys)
        {
            Assert.Equal(1, await west.GetGrain<ILedger>(key).Append("1"));
        }

        var cluster = _world["eastus2"].Cluster;
        await cluster.KillSiloAsync(cluster.SecondarySilos[0]);
        foreach (var key in keys)
        {
            using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(60) });
            Assert.Equal(2, await west.GetGrain<ILedger>(key).Append("2"));
        }
    }

    private async Task<long> LastEntryAsync(string region, string key) => await _world[region].LastEntryAsync("test.ledger", key);
}
