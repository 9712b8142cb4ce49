using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Regions that start with an old copy of their store, or with an empty one.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class RolledBackStoreTests
{
    /// <summary>
    /// Only eastus2 and southeastasia have the second write. eastus2 forgets it; with its vote, it and westeurope would be a majority that never heard of it.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_vote_before_it_has_caught_up(bool isEmpty)
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "rolledback");
        Assert.Equal(1, await world.Ledger(East, key).Append("1"));
        var backup = world.DiskOf(East).Copy();
        var then = await LeaseAsync(world, East, East);
        await Wait.UntilAsync("westeurope knows a later renewal", async () => (await LeaseAsync(world, West, East)).IsLaterThan(then));
        world.CutOff(West);
        Assert.Equal(2, await world.Ledger(East, key).Append("2"));
        await world[East].StopAsync();
        await world[Asia].StopAsync();

        world.Restore(East, isEmpty ? new() : backup);
        await world[East].StartAsync();
        await world.RelinkAsync(West, East);
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(5) }))
        {
            await Assert.ThrowsAsync<GeoException>(() => world.Ledger(West, key).Append("never"));
        }

        Assert.False(world.StatusOf(West, West).HoldsLease);
        Assert.False(world.StatusOf(West, East).HoldsLease);

        await world[Asia].StartAsync();
        world.World.Heal(West, Asia);
        await Wait.UntilAsync("the first write after it", async () => await TryAppendAsync(world.Ledger(West, key), "3") is { } count && count == 3);
        await Wait.UntilAsync("it holds its lease again", () => Task.FromResult(world.StatusOf(West, East).HoldsLease));
        Assert.Equal(4, await world.Ledger(East, key).Append("4"));
        await Wait.UntilAsync("it has everything", async () => (await world.Ledger(East, key).Read()).SequenceEqual(["1", "2", "3", "4"]));
    }

    /// <summary>
    /// A store that its operator has trusted although it went back: in its old epoch it would write other entries at places that others have, and no region would ever say so. The lease outlasts the restart, so
    /// that the homes are still its own.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_store_that_is_trusted_does_not_go_on_in_its_old_epochs(int writes)
    {
        var isTrusted = false;
        await using var world = await StartAsync(configureSilo: silo => silo.Configure<FailoverOptions>(failover =>
            (failover.LeaseDuration, failover.TrustStore) = (TimeSpan.FromSeconds(15), isTrusted)));
        string[] keys = [.. Enumerable.Range(0, 5).Select(index => world.World.KeyIn(East, "test.ledger", $"trusted{index}"))];
        var shard = world.World[East].Services.First().GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create("test.ledger", keys[0]))!.Value.Shard;
        Assert.Equal(1, await world.Ledger(East, keys[0]).Append("1"));
        await Wait.UntilAsync("every region has it", async () => (await Task.WhenAll(Names.Select(region => world.Ledger(region, keys[0]).Read()))).All(static read => read.Length == 1));
        var backup = world.DiskOf(East).Copy();
        Assert.Equal(2, await world.Ledger(East, keys[0]).Append("2"));
        Assert.Equal(3, await world.Ledger(East, keys[0]).Append("3"));
        await Wait.UntilAsync("every region has them", async () => (await Task.WhenAll(Names.Select(region => world.Ledger(region, keys[0]).Read()))).All(static read => read.Length == 3));
        await world[East].StopAsync();
        world.Restore(East, backup);
        isTrusted = true;
        await world[East].StartAsync();
        await world.RelinkAsync(West, East);

        // What it does not know it cannot hold against the lease of its earlier life: that has to end first.
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromMinutes(2) }))
        {
            await Task.WhenAll(Enumerable.Range(0, writes).Select(index => world.Ledger(East, keys[0]).Append($"X{index}")));
        }

        foreach (var region in Names)
        {
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            var read = await world.Ledger(region, keys[0]).Read();
            Assert.Equal(["1", "2", "3"], read[..3]);
            Assert.Equal(3 + writes, read.Length);
        }

        var logs = new HashSet<string>();
        await Wait.UntilAsync("every region has the same log", async () =>
        {
            logs.Clear();
            foreach (var region in Names)
            {
                var rows = await world[region].Store.ReadLogAsync(shard, new(1), int.MaxValue);
                logs.Add(string.Join(' ', rows.Select(static row => $"{row.Epoch}.{row.First}:{Convert.ToHexString(row.Bytes.Span)}")));
            }

            return logs.Count == 1;
        });
    }

    /// <summary>What a cut-off home acknowledged alone is gone with its store: nobody may believe that it came back.</summary>
    [Fact]
    public async Task What_went_with_the_store_stays_suspected()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.note", "gone");
        Assert.Equal(1, await world.Note(East, key).Append("1"));
        await Wait.UntilAsync("the others have it", async () => (await world.Note(West, key).Read()).Length == 1 && (await world.Note(Asia, key).Read()).Length == 1);
        world.CutOff(East);
        Assert.Equal(2, await world.Note(East, key).Append("alone"));
        await Wait.UntilAsync("another home serves", async () => await TryReadAsync(world.Note(West, key)) is ["1"]);
        await world[East].StopAsync();
        world.Restore(East, new());
        await world[East].StartAsync();
        await world.RejoinAsync(East);
        await Wait.UntilAsync("it has caught up", async () => (await world.Note(East, key).Read()).Length == 1);

        await Wait.UntilAsync("it is suspected", () => IsSuspectedAsync(world));
        foreach (var store in new[] { world[West].Store, world[Asia].Store })
        {
            // Of a later epoch than any that the region can have forgotten: the round that takes this one back judges the other, too.
            var unfounded = new Suspicion(new("r-00"), new(East), Epoch: 1_000_000, new(1));
            await store.SuspectAsync(unfounded);
            await Wait.UntilAsync("an unfounded suspicion is taken back", async () => !(await store.ReadSuspicionsAsync()).Contains(unfounded));
        }

        await Wait.UntilAsync("it is suspected still", () => IsSuspectedAsync(world));
    }

    private static async Task<bool> IsSuspectedAsync(BreakableWorld world) =>
        (await world.Admin(West).GetLostWritesAsync()).Suspected.Any(static loss => loss.Region.Name == East);

    private static async Task<string[]?> TryReadAsync(INote note)
    {
        try
        {
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            return await note.Read();
        }
        catch (GeoException)
        {
            return null;
        }
    }

    private static async Task<LeaseValue> LeaseAsync(BreakableWorld world, string at, string region) =>
        LeaseValue.Decode((await world[at].Store.TakeAsync(RegisterNames.LeaseOf(new(region)), new RegisterMessage.Read())).State.Value);
}
