using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.World;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A world that is upgraded region by region, to a version whose rows the one before cannot read.</summary>
[MostlyWaits]
public sealed class OlderVersionTests
{
    private readonly OlderVersion.Switch _older = new();
    private readonly LogRecorder _log = new();

    /// <summary>It once said that it had stored such a row, and had skipped it: its records lacked the write for good.</summary>
    [Fact]
    public async Task A_region_of_an_earlier_version_stores_nothing_that_it_cannot_read_and_catches_up_once_it_is_upgraded()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "older");
        Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        await Wait.UntilAsync("southeastasia has the first write", async () => (await world.Ledger(Asia, key).Read()).Length == 1);
        var stored = await world[Asia].LastEntryAsync("test.ledger", key);

        _older.Region = Asia;
        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        Assert.Equal(3, await world.Ledger(West, key).Append("3"));
        await Wait.UntilAsync("both regions say so", () => Task.FromResult(world.StatusOf(West, Asia).Problem is not null && world.StatusOf(Asia, Asia).Problem is not null));
        Assert.Contains("newer version", world.StatusOf(West, Asia).Problem, StringComparison.Ordinal);
        Assert.Null(world.StatusOf(West, East).Problem);
        Assert.Equal(stored, await world[Asia].LastEntryAsync("test.ledger", key));
        Assert.Equal(["1"], await world.Ledger(Asia, key).Read());

        _older.Region = null;
        await Wait.UntilAsync("it has caught up", async () => (await world.Ledger(Asia, key).Read()).SequenceEqual(["1", "2", "3"]));
        await Wait.UntilAsync("neither has a problem", () => Task.FromResult(world.StatusOf(West, Asia).Problem is null && world.StatusOf(Asia, Asia).Problem is null));
        var shard = world[West].Services.First().GetRequiredService<IGeoWorld>().Locate(GrainId.Create("test.ledger", key))!.Value.Shard;
        Assert.Single(_log.Lines, line => line.Contains($"refuses the log of shard {shard} ", StringComparison.Ordinal));
        Assert.Single(_log.Lines, line => line.Contains($"cannot read rows of shard {shard}:", StringComparison.Ordinal));
    }

    /// <summary>It would have stored what it cannot read, and then have failed to open it, ten times a second, for as long as it holds its lease.</summary>
    [Fact]
    public async Task A_region_of_an_earlier_version_leaves_a_home_that_it_should_take_over_to_the_one_that_can_read_its_log()
    {
        await using var world = await StartAsync();
        var key = Enumerable.Range(0, 100).Select(i => world.World.KeyIn(East, "test.ledger", $"heir{i}")).First(candidate => HeirOf(world, candidate) == Asia);
        Assert.Equal(1, await world.Ledger(West, key).Append("1"));
        _older.Region = Asia;
        Assert.Equal(2, await world.Ledger(West, key).Append("2"));
        await world[East].StopAsync();
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(90) });
        Task<int> writing = world.Ledger(West, key).Append("3");
        await Wait.UntilAsync("westeurope is its home", () => Task.FromResult(world.HomeOf(West, "test.ledger", key) == West));
        Assert.Contains(_log.Lines, static line => line.Contains("southeastasia cannot be home of shard", StringComparison.Ordinal));

        // With a region that is lost and one that can read nothing there is no majority. It is one as soon as it can.
        Assert.False(writing.IsCompleted);
        _older.Region = null;
        Assert.Equal(3, await writing);
        await Wait.UntilAsync("it has caught up", async () => (await world.Ledger(Asia, key).Read()).SequenceEqual(["1", "2", "3"]));
    }

    private Task<BreakableWorld> StartAsync() => BreakableWorld.StartAsync(configureSilo: silo =>
    {
        silo.Services.AddSingleton(_older);
        silo.Services.AddSingleton<ILoggerProvider>(_log);
        silo.AddIncomingGrainCallFilter<OlderVersion>();
    });

    private static string? HeirOf(BreakableWorld world, string key)
    {
        var known = world[West].Services.First().GetRequiredService<IGeoWorld>();
        return known.Topology.Map.Prefer(known.Topology.Map.IndexOf(known.Locate(GrainId.Create("test.ledger", key))!.Value.Shard), static region => region.Name != East)?.Name;
    }
}
