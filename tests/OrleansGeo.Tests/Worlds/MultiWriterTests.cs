using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Entities that every region writes at once.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class MultiWriterTests
{
    [Fact]
    public async Task Increments_of_three_regions_that_are_all_cut_off_add_up_everywhere_once_they_are_together_again()
    {
        await using var world = await StartAsync();
        await world.World[West].Grains.GetGrain<ITally>("sum").Add(1);
        world.World.Cut(West, East);
        world.World.Cut(West, Asia);
        world.World.Cut(East, Asia);
        for (var i = 0; i < 50; i++)
        {
            await Task.WhenAll(Names.Select((name, at) => Tally(world, name, "sum").Add(at == 2 ? -1 : 10 * (at + 1))));
        }

        Assert.Equal(501, await Tally(world, West, "sum").Count());
        Assert.InRange(await Tally(world, East, "sum").Count(), 1000, 1001);
        Assert.InRange(await Tally(world, Asia, "sum").Count(), -50, -49);
        foreach (var name in Names)
        {
            await world.RejoinAsync(name);
        }

        foreach (var name in Names)
        {
            await Wait.UntilAsync($"{name} has the sum", async () => await Tally(world, name, "sum").Count() == 1 + (50 * 29));
        }
    }

    [Fact]
    public async Task A_region_that_died_brings_back_what_only_its_disk_has()
    {
        await using var world = await StartAsync();
        world.CutOff(East);
        await Tally(world, East, "disk").Add(7);
        await Tally(world, East, "disk").Join("ada");
        await Tally(world, West, "disk").Add(1);
        await world[East].StopAsync();
        await Tally(world, Asia, "disk").Add(2);
        await Wait.UntilAsync("the others go on", async () => await Tally(world, West, "disk").Count() == 3);

        await world[East].StartAsync();
        foreach (var other in new[] { West, Asia })
        {
            world.World.Heal(East, other);
        }

        foreach (var name in Names)
        {
            await Wait.UntilAsync($"{name} has all", async () => await Tally(world, name, "disk").Count() == 11);
            Assert.Equal(["ada"], await Tally(world, name, "disk").Members());
        }
    }

    [Fact]
    public async Task An_add_wins_over_a_remove_that_had_not_seen_it_and_overruled_writes_are_counted()
    {
        await using var world = await StartAsync();
        await Tally(world, West, "wins").Join("ada");
        await Tally(world, West, "wins").Join("bob");
        await WhenAllAsync(world, async tally => (await tally.Members()).Length == 2, "wins");

        world.CutOff(East);
        Assert.True(await Tally(world, East, "wins").Leave("ada"));
        Assert.True(await Tally(world, East, "wins").Leave("bob"));
        await Tally(world, West, "wins").Join("ada");
        await Tally(world, West, "wins").Set("color", "red");
        await Tally(world, East, "wins").Set("color", "blue");
        await world.RejoinAsync(East);

        await WhenAllAsync(world, async tally => (await tally.Members()).SequenceEqual(["ada"]) && await tally.Overruled() == 1, "wins");
        var color = await Tally(world, West, "wins").Field("color");
        Assert.Contains(color, new[] { "red", "blue" });
        await WhenAllAsync(world, async tally => await tally.Field("color") == color, "wins");

        // A write that has seen both replaces both, and what was overruled stays counted.
        await Tally(world, Asia, "wins").Set("color", "green");
        await WhenAllAsync(world, async tally => await tally.Field("color") == "green" && await tally.Overruled() == 1, "wins");
    }

    [Fact]
    public async Task A_session_sees_its_own_rows_in_every_region_and_a_strong_read_sees_all()
    {
        await using var world = await StartAsync();
        string? token = null;
        for (var round = 1; round <= 10; round++)
        {
            foreach (var (writer, reader) in new[] { (West, Asia), (East, West), (Asia, East) })
            {
                long before;
                using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
                {
                    before = await Tally(world, writer, "session").Count();
                    await Tally(world, writer, "session").Add(1);
                    token = session.Token;
                }

                using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
                {
                    Assert.Equal(before + 1, await Tally(world, reader, "session").Count());
                    token = session.Token;
                }

                using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
                Assert.Equal(before + 1, await Tally(world, reader, "session").Count());
                Assert.NotNull(strong.Last!.Value.Staleness);
            }
        }

        world.CutOff(Asia);
        await Tally(world, Asia, "session").Add(1);
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong, Deadline = TimeSpan.FromSeconds(2) }))
        {
            Assert.Equal(GeoErrorCode.HomeUnavailable, (await Assert.ThrowsAsync<GeoException>(() => Tally(world, Asia, "session").Count())).Code);
        }

        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromMilliseconds(1), Deadline = TimeSpan.FromSeconds(2) }))
        {
            Assert.Equal(GeoErrorCode.TooStale, (await Assert.ThrowsAsync<GeoException>(() => Tally(world, Asia, "session").Count())).Code);
        }
    }

    [Fact]
    public async Task A_session_that_writes_elsewhere_writes_on_what_it_has_seen()
    {
        await using var world = await StartAsync();
        string? token = null;
        for (var i = 0; i < 30; i++)
        {
            using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
            {
                await Tally(world, Names[i % 3], "elsewhere").Join($"{i}");
                token = session.Token;
            }

            using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
            {
                Assert.True(await Tally(world, Names[(i + 1) % 3], "elsewhere").Leave($"{i}"));
                token = session.Token;
            }
        }
    }

    [Fact]
    public async Task A_store_that_was_replaced_is_a_new_writer_and_what_others_have_of_the_old_one_stays()
    {
        await using var world = await StartAsync();
        await Tally(world, East, "replaced").Add(5);
        await Tally(world, East, "replaced").Join("ada");
        await WhenAllAsync(world, static async tally => await tally.Count() == 6, "replaced");
        await world[East].StopAsync();
        world.Restore(East, new MemoryRegionDisk());
        await world[East].StartAsync();

        await Wait.UntilAsync("it writes again", async () => await AddAsync(world, East, "replaced"));
        await WhenAllAsync(world, static async tally => await tally.Count() == 7 && (await tally.Members()).SequenceEqual(["ada"]), "replaced");
        Assert.True(await Tally(world, East, "replaced").Leave("ada"));
        await WhenAllAsync(world, static async tally => (await tally.Members()).Length == 0, "replaced");
    }

    [Fact]
    public async Task A_counter_that_would_overflow_says_so_and_does_not_wrap()
    {
        await using var world = await StartAsync();
        await Tally(world, West, "full").Add(long.MaxValue);
        Assert.Equal(GeoErrorCode.CounterOverflow, (await Assert.ThrowsAsync<GeoException>(() => Tally(world, West, "full").Add(1))).Code);
        Assert.Equal(long.MaxValue, await Tally(world, West, "full").Count());
        await Tally(world, West, "full").Add(-1);
        Assert.Equal(long.MaxValue - 1, await Tally(world, West, "full").Count());
    }

    [Fact]
    public async Task Removed_members_leave_nothing_once_every_region_knows()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 40; i++)
        {
            await Tally(world, Names[i % 3], "bounded").Join($"{i}");
        }

        await WhenAllAsync(world, static async tally => (await tally.Members()).Length == 40, "bounded");
        for (var i = 0; i < 40; i++)
        {
            Assert.True(await Tally(world, Names[(i + 1) % 3], "bounded").Leave($"{i}"));
        }

        await WhenAllAsync(world, static async tally => (await tally.Members()).Length == 0, "bounded");
        await Wait.UntilAsync("writes have cleaned up", async () =>
        {
            foreach (var name in Names)
            {
                await Tally(world, name, "bounded").Join("last");
                await Tally(world, name, "bounded").Add(-1);
            }

            return await world.FieldsAsync("test.tally", "bounded", "members") <= 3;
        });
    }

    private static ITally Tally(BreakableWorld world, string region, string key) => world[region].Grains.GetGrain<ITally>(key);

    private static async Task<bool> AddAsync(BreakableWorld world, string region, string key)
    {
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(5) });
        try
        {
            await Tally(world, region, key).Add(1);
            return true;
        }
        catch (GeoException exception) when (exception.Code == GeoErrorCode.HomeUnavailable)
        {
            return false;
        }
    }

    private static async Task WhenAllAsync(BreakableWorld world, Func<ITally, Task<bool>> condition, string key)
    {
        foreach (var name in Names)
        {
            await Wait.UntilAsync($"{name} shows it", () => condition(Tally(world, name, key)));
        }
    }
}
