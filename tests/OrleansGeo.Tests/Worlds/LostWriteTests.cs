using OrleansGeo.Operations;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;
using LostState = OrleansGeo.Protocol.Ledgers.LostWriteState;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Writes of <c>Region</c> durability that a home acknowledged alone.</summary>
[MostlyWaits]
public sealed class LostWriteTests
{
    [Fact]
    public async Task What_a_cut_off_home_acknowledged_alone_is_suspected_then_listed_and_can_be_dealt_with()
    {
        await using var world = await StartAsync();
        var (replayed, changed, discarded, repeated) = (Key(world, "replayed"), Key(world, "changed"), Key(world, "discarded"), Key(world, "repeated"));
        string[] keys = [replayed, changed, discarded, repeated];
        foreach (var key in keys)
        {
            await world.Note(East, key).Append("1");
            await Wait.UntilAsync("the others have it", async () => (await world.Note(West, key).Read()).Length == 1 && (await world.Note(Asia, key).Read()).Length == 1);
        }

        world.CutOff(East);
        foreach (var key in keys)
        {
            Assert.Equal(2, await WriteAsync(world.Note(East, key), key, "alone"));
        }

        foreach (var key in keys)
        {
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            Assert.Equal(["1"], await world.Note(West, key).Read());
        }

        Assert.Equal(2, await world.Note(Asia, changed).Append("since"));
        await Wait.UntilAsync("it is suspected", async () => (await world.Admin(Asia).GetLostWritesAsync()).Suspected.Any(static loss => loss.Region.Name == East));

        await world.RejoinAsync(East);
        await Wait.UntilAsync("all are listed", async () => (await LostAsync(world)).Length == keys.Length);
        await Wait.UntilAsync("nothing is suspected", async () => (await world.Admin(West).GetLostWritesAsync()).Suspected.IsEmpty);

        Assert.Equal(LostState.Replayed, (await ReplayAsync(world, Asia, (await LostAsync(world, replayed)).Id, overwrite: false)).State);
        Assert.Equal(["1", "alone"], await ReadAsync(world, replayed));
        Assert.Equal(LostState.Replayed, (await ReplayAsync(world, West, (await LostAsync(world, replayed)).Id, overwrite: false)).State);
        Assert.Equal(LostState.Replayed, (await world.Admin(West).DiscardAsync((await LostAsync(world, replayed)).Id)).State);

        var conflict = (await LostAsync(world, changed)).Id;
        var refused = await Assert.ThrowsAsync<GeoException>(() => ReplayAsync(world, Asia, conflict, overwrite: false));
        Assert.Equal(GeoErrorCode.EntityChanged, refused.Code);
        Assert.Equal(["1", "since"], await ReadAsync(world, changed));
        Assert.Equal(LostState.Replayed, (await ReplayAsync(world, Asia, conflict, overwrite: true)).State);
        Assert.Equal(["1", "alone"], await ReadAsync(world, changed));

        Assert.Equal(LostState.Discarded, (await world.Admin(West).DiscardAsync((await LostAsync(world, discarded)).Id)).State);
        Assert.Equal(["1"], await ReadAsync(world, discarded));

        Assert.Equal(2, await WriteAsync(world.Note(West, repeated), repeated, "alone"));
        await Wait.UntilAsync("it is superseded", async () => (await LostAsync(world, repeated)).State == LostState.Superseded);
    }

    [Fact]
    public async Task An_unknown_lost_write_is_refused()
    {
        await using var world = await StartAsync();
        foreach (var id in new[] { "", "nowhere-1-1", $"{East}-1-1", $"{East}-x-1" })
        {
            Assert.Equal(GeoErrorCode.UnknownLostWrite, (await Assert.ThrowsAsync<GeoException>(() => world.Admin(West).DiscardAsync(id))).Code);
            Assert.Equal(GeoErrorCode.UnknownLostWrite, (await Assert.ThrowsAsync<GeoException>(() => world.Admin(West).ReplayAsync(id, overwrite: true))).Code);
        }
    }

    private static string Key(BreakableWorld world, string prefix) => world.World.KeyIn(East, "test.note", prefix);

    private static async Task<int> WriteAsync(INote note, string request, string text)
    {
        using var session = GeoSession.Begin(new() { RequestKey = request });
        return await note.Append(text);
    }

    private static async Task<string[]> ReadAsync(BreakableWorld world, string key)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await world.Note(West, key).Read();
    }

    /// <summary>A home that cannot be reached in this moment says so, and nothing happened.</summary>
    private static async Task<LostWrite> ReplayAsync(BreakableWorld world, string region, string id, bool overwrite)
    {
        LostWrite? replayed = null;
        await Wait.UntilAsync($"{id} is replayed", async () =>
        {
            try
            {
                replayed = await world.Admin(region).ReplayAsync(id, overwrite);
                return true;
            }
            catch (GeoException exception) when (exception.Code == GeoErrorCode.HomeUnavailable)
            {
                return false;
            }
        });
        return replayed!;
    }

    private static async Task<LostWrite[]> LostAsync(BreakableWorld world)
    {
        // A machine that stands still for a moment may cost the list a region.
        LostWrites? ledgers = null;
        await Wait.UntilAsync("East's ledger is listed", async () => (ledgers = await world.Admin(Asia).GetLostWritesAsync()).Unreachable.All(static region => region.Name != East));
        return [.. ledgers!.Items.Where(static item => item.Region.Name == East)];
    }

    private static async Task<LostWrite> LostAsync(BreakableWorld world, string key)
    {
        var lost = Assert.Single(await LostAsync(world), item => item.Entity == $"test.note/{key}");
        Assert.Equal(RequestId.FromKey(key).ToString(), lost.Request);
        return lost;
    }
}
