using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Journals;

/// <summary>A grain that writes behind, in three regions.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class JournalTests
{
    /// <summary>A region that loses its lease loses what is buffered in it. A busy machine may cost one its lease: then nothing is shown, and it is tried again.</summary>
    [Fact]
    public async Task What_is_buffered_survives_moves_and_drains()
    {
        for (var tries = 1; !await SurvivesMovesAndDrainsAsync(); tries++)
        {
            Assert.True(tries < 3, "A region lost its lease in each of three tries.");
        }
    }

    private static async Task<bool> SurvivesMovesAndDrainsAsync()
    {
        await using var world = await StartAsync(configureSilo: Patiently);
        var key = world.World.KeyIn(West, "sample.journal", "journal");
        var journal = GrainId.Create("sample.journal", key);
        var added = new ConcurrentQueue<string>();
        var load = new SampleLoad(world, (client, number) => AddAsync(client, key, $"{client.Region}-{number}", added));
        var mishaps = new Mishaps(world, load);
        await load.GoOnAsync("the start");
        var hasLapsed = world.WatchLeases();
        await mishaps.DrainAndRestoreAsync(West);
        foreach (var region in new[] { East, Asia, West, East })
        {
            await mishaps.MoveAsync(journal, region);
        }

        await mishaps.DrainAndRestoreAsync(East);
        await load.StopAsync();

        var isUndisturbed = !hasLapsed();
        await AuditAsync(world, key, added, isUndisturbed ? added : []);
        return isUndisturbed;
    }

    [Fact]
    public async Task What_was_confirmed_to_be_written_is_there_after_its_region_was_lost()
    {
        await using var world = await StartAsync(configureSilo: Patiently);
        var key = world.World.KeyIn(East, "sample.journal", "journal");
        var (added, confirmed) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<string, bool>());
        var load = new SampleLoad(world, async (client, number) =>
        {
            await AddAsync(client, key, $"{client.Region}-{number}", added);
            foreach (var line in await client.AskAsync($"confirmed-{client.Region}-{number}", grains => grains.GetGrain<IJournal>(key).Confirmed()))
            {
                confirmed[line] = true;
            }
        });
        await new Mishaps(world, load).HappenAsync(GrainId.Create("sample.journal", key));
        await load.StopAsync();

        Assert.NotEmpty(confirmed);
        await AuditAsync(world, key, added, confirmed.Keys);
    }

    /// <summary>What is buffered is written before its home moves, on a slow machine too.</summary>
    private static void Patiently(ISiloBuilder silo) => silo.Services.Configure<FailoverOptions>(static failover =>
    {
        failover.HandOverGrace = TimeSpan.FromSeconds(10);
        failover.DrainGrace = TimeSpan.FromSeconds(30);
    });

    private static async Task AddAsync(SampleClient client, string key, string line, ConcurrentQueue<string> added)
    {
        await client.AskAsync(line, grains => grains.GetGrain<IJournal>(key).Add(line));
        added.Enqueue(line);
    }

    /// <summary>Every line that must be there is, none is there twice, and none that nobody added.</summary>
    private static async Task AuditAsync(BreakableWorld world, string key, IEnumerable<string> added, IEnumerable<string> required)
    {
        await Wait.UntilAsync("the buffer is written", async () => await world[Asia].Grains.GetGrain<IJournal>(key).Buffered() == 0);
        foreach (var client in Names.Select(name => new SampleClient(world, name)))
        {
            var lines = await client.ReadAsync(grains => grains.GetGrain<IJournal>(key).Lines());
            Assert.Empty(required.Except(lines));
            Assert.Empty(lines.Except(added));
            Assert.Equal(lines.Distinct().Count(), lines.Length);
        }
    }
}
