using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;
using LostState = OrleansGeo.Protocol.Ledgers.LostWriteState;

namespace OrleansGeo.Tests.Worlds;

/// <summary>The ledgers as they are listed and settled: at once, whatever other regions say or do not, and without reading for ever what is dealt with.</summary>
[MostlyWaits]
public sealed class LedgerTests
{
    [Fact]
    public async Task The_list_does_not_wait_for_what_only_other_regions_know()
    {
        await using var world = await StartWatchedAsync();
        Watched(world, East).HoldForgotten();
        var suspicions = await SuspectAsync(world, West, 145);
        await Wait.UntilAsync("the region that is suspected is asked", () => Task.FromResult(Watched(world, East).ForgottenReads > 0));

        // Beside those of a region that lost its first lease, because the machine stood still while the world started.
        var ledgers = await ListAsync(world);
        var listed = ledgers.Suspected.Select(static loss => new Suspicion(loss.Shard, loss.Region, loss.Epoch, new(loss.FromPosition))).ToList();
        Assert.Equal(suspicions, listed.Where(suspicions.Contains));

        Watched(world, East).Release();
        await Wait.UntilAsync("nothing is suspected", async () => (await world.Admin(Asia).GetLostWritesAsync()).Suspected.IsEmpty);
    }

    [Fact]
    public async Task However_many_shards_are_suspected_each_region_is_asked_once_a_round()
    {
        await using var world = await StartWatchedAsync();
        await SuspectAsync(world, West, 145);
        var before = Watched(world, East).ForgottenReads;
        await Wait.UntilAsync("nothing is suspected", async () => (await world.Admin(West).GetLostWritesAsync()).Suspected.IsEmpty);

        // Some rounds: not every home can say at once that all is settled.
        Assert.InRange(Watched(world, East).ForgottenReads - before, 1, 20);
    }

    [Fact]
    public async Task A_region_that_does_not_answer_is_named_and_the_others_are_listed_without_waiting_for_it()
    {
        await using var world = await StartWatchedAsync();
        Watched(world, East).HoldLedger();
        Watched(world, East).HoldForgotten();
        var suspicions = await SuspectAsync(world, Asia, 3);
        var ledgers = await world.Admin(West).GetLostWritesAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal([East], ledgers.Unreachable.Select(static region => region.Name));
        Assert.Equal(suspicions.Length, ledgers.Suspected.Length);
        Watched(world, East).Release();
    }

    [Fact]
    public async Task What_was_cut_is_read_once_however_often_the_ledger_is_listed_and_settled()
    {
        await using var world = await StartWatchedAsync();
        string[] keys = [.. new[] { "handled", "open" }.Select(name => world.World.KeyIn(East, "test.note", name))];
        foreach (var key in keys)
        {
            await world.Note(East, key).Append("1");
            await Wait.UntilAsync("the others have it", async () => (await world.Note(West, key).Read()).Length == 1 && (await world.Note(Asia, key).Read()).Length == 1);
        }

        world.CutOff(East);
        foreach (var key in keys)
        {
            using var session = GeoSession.Begin(new() { RequestKey = key });
            Assert.Equal(2, await world.Note(East, key).Append("alone"));
        }

        foreach (var key in keys)
        {
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            Assert.Equal(["1"], await world.Note(West, key).Read());
        }

        await world.RejoinAsync(East);
        await Wait.UntilAsync("both are listed", async () => (await ListAsync(world)).Items.Length == keys.Length);
        var handled = (await ListAsync(world)).Items.First(item => item.Entity == $"test.note/{keys[0]}");
        await world.Admin(West).DiscardAsync(handled.Id);

        var reads = Watched(world, East).CutReads;
        await Wait.UntilAsync("it was listed and settled often", async () => await ListAsync(world) is not null && Watched(world, East).CutReads >= reads + 20);

        // The one that is open was asked for again and again, and is found in the end.
        using (GeoSession.Begin(new() { RequestKey = keys[1] }))
        {
            Assert.Equal(2, await world.Note(West, keys[1]).Append("alone"));
        }

        await Wait.UntilAsync("it is superseded", async () => (await ListAsync(world)).Items.Any(static item => item.State == LostState.Superseded));
        Assert.Equal([LostState.Discarded, LostState.Superseded], (await ListAsync(world)).Items.Select(static item => item.State).Order());

        // Once by the ledger, and once here.
        var rows = (await world[East].Store.ReadCutRowsAsync()).Length;
        Assert.Equal(rows * 2, Watched(world, East).CutRows);
    }

    /// <summary>A machine that stands still for a moment may cost the list a region.</summary>
    private static async Task<LostWrites> ListAsync(BreakableWorld world)
    {
        LostWrites? ledgers = null;
        await Wait.UntilAsync("every region's ledger is listed", async () => (ledgers = await world.Admin(Asia).GetLostWritesAsync()).Unreachable.IsEmpty);
        return ledgers!;
    }

    private static Task<BreakableWorld> StartWatchedAsync() => BreakableWorld.StartAsync(wrap: static (_, store) => new WatchedStore(store));

    private static WatchedStore Watched(BreakableWorld world, string region) => (WatchedStore)world[region].Store;

    /// <summary>Notes suspicions of East's shards of this family, as a promotion does that went ahead without it.</summary>
    private static async Task<Suspicion[]> SuspectAsync(BreakableWorld world, string at, int count)
    {
        var map = world[at].Services.First().GetRequiredService<IGeoWorld>().Topology.Map;
        var shards = Enumerable.Range(0, map.Count).Where(index => map[index].Name.StartsWith("r-", StringComparison.Ordinal)).Select(index => map[index]).ToList();
        Suspicion[] suspicions = [.. Enumerable.Range(0, count).Select(i => new Suspicion(shards[i % shards.Count], new RegionId(East), 1 + (i / shards.Count), new LogPosition(1 + i)))];
        foreach (var suspicion in suspicions)
        {
            await world[at].Store.SuspectAsync(suspicion);
        }

        return suspicions;
    }
}
