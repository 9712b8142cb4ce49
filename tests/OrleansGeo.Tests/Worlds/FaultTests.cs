using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Runtime.Storage.Memory;
using OrleansGeo.TestingHost;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Each test has a world of its own, because it breaks it.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly string[] Names = ["westeurope", "eastus2", "southeastasia"];

    private readonly Dictionary<string, MemoryRegionDisk> _disks = Names.ToDictionary(static name => name, static _ => new MemoryRegionDisk());
    private GeoTestCluster _world = null!;

    public async Task InitializeAsync()
    {
        _world = await GeoTestCluster.StartAsync(new()
        {
            CreateStore = region => new MemoryRegionStore(_disks[region.Name]),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),
        });
        await _world.WhenLinkedAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task With_one_region_down_its_writes_fail_at_the_deadline_and_everything_else_goes_on()
    {
        var lost = _world.KeyIn("eastus2", "test.ledger", "lost");
        var kept = _world.KeyIn("westeurope", "test.ledger", "kept");
        var west = _world["westeurope"].Grains;
        await west.GetGrain<ILedger>(lost).Append("before");
        await west.GetGrain<ILedger>(kept).Append("before");
        await Wait.UntilAsync("the replica has it", async () => (await west.GetGrain<ILedger>(lost).Read()).Length == 1);

        await _world["eastus2"].StopAsync();
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2) }))
        {
            var refused = await Assert.ThrowsAsync<GeoException>(() => west.GetGrain<ILedger>(lost).Append("refused"));
            Assert.True(refused.Code is GeoErrorCode.HomeUnavailable or GeoErrorCode.DeadlineExceeded, refused.Message);

            // By now the link is known to be down: nothing can have arrived.
            var clear = await Assert.ThrowsAsync<GeoException>(() => west.GetGrain<ILedger>(lost).Append("refused"));
            Assert.Equal(GeoErrorCode.HomeUnavailable, clear.Code);
            Assert.Contains("eastus2", clear.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["before"], await west.GetGrain<ILedger>(lost).Read());
        Assert.Equal(2, await west.GetGrain<ILedger>(kept).Append("after"));
        Assert.Equal(3, await _world["southeastasia"].Grains.GetGrain<ILedger>(kept).Append("after"));
    }

    [Fact]
    public async Task A_region_that_was_down_catches_up_and_serves_its_own_again()
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
    public async Task A_cut_link_stops_writes_across_it_and_heals()
    {
        var key = _world.KeyIn("eastus2", "test.ledger", "cut");
        var west = _world["westeurope"].Grains.GetGrain<ILedger>(key);
        await west.Append("1");
        _world.Cut("westeurope", "eastus2");
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(3) }))
        {
            await Assert.ThrowsAsync<GeoException>(() => west.Append("2"));
        }

        // A majority without west is enough for the home.
        await _world["southeastasia"].Grains.GetGrain<ILedger>(key).Append("3");
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
    public async Task A_failing_disk_refuses_writes_in_its_region_only_and_recovers()
    {
        var broken = _world.KeyIn("eastus2", "test.ledger", "broken");
        var healthy = _world.KeyIn("westeurope", "test.ledger", "healthy");
        var west = _world["westeurope"].Grains;
        await west.GetGrain<ILedger>(broken).Append("1");
        _disks["eastus2"].Faults.IsUnavailable = true;
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(3), RequestKey = "unsure" }))
        {
            await Assert.ThrowsAsync<GeoException>(() => west.GetGrain<ILedger>(broken).Append("2"));
        }

        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2) }))
        {
            var refused = await Assert.ThrowsAsync<GeoException>(() => west.GetGrain<ILedger>(broken).Append("3"));
            Assert.Equal(GeoErrorCode.HomeUnavailable, refused.Code);
            Assert.Contains("eastus2", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await west.GetGrain<ILedger>(healthy).Append("1"));
        _disks["eastus2"].Faults.IsUnavailable = false;
        using (GeoSession.Begin(new() { RequestKey = "unsure" }))
        {
            Assert.Equal(2, await west.GetGrain<ILedger>(broken).Append("2"));
        }

        Assert.Equal(3, await west.GetGrain<ILedger>(broken).Append("3"));
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
