using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Entities that are moved between regions while they are used.</summary>
[MostlyWaits]
public sealed class PinTests
{
    [Fact]
    public async Task An_entity_moves_while_every_region_writes_it_and_no_write_is_lost_doubled_or_refused()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "busy");
        var neighbour = world.World.KeyIn(West, "test.ledger", "neighbour");
        using var stop = new CancellationTokenSource();
        var writers = Names.Select(region => WriteUntilAsync(world, region, key, stop.Token)).ToList();
        foreach (var region in new[] { East, Asia, West, Asia })
        {
            var location = await world.Admin(East).PinAsync(Ledger(key), new(region));
            Assert.Equal((region, true), (location.Home.Region.Name, location.IsPinned));
            Assert.Equal(region, await ServedByAsync(world, Asia, key));
            await world.Ledger(East, neighbour).Append("x");
        }

        var back = await world.Admin(Asia).UnpinAsync(Ledger(key));
        Assert.Equal((West, false), (back.Home.Region.Name, back.IsPinned));
        await stop.CancelAsync();
        var written = (await Task.WhenAll(writers)).SelectMany(static lines => lines).ToList();
        Assert.NotEmpty(written);
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        var lines = await world.Ledger(East, key).Read();
        Assert.Equal(written.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Equal(5, strong.Last!.Value.Moves);
        foreach (var name in Names)
        {
            await Wait.UntilAsync($"{name} shows where it is", async () => await world.Admin(name).LocateAsync(Ledger(key)) is { IsPinned: false, Home.Region.Name: West });
            await Wait.UntilAsync($"{name} shows what was written", async () => (await world.Ledger(name, key).Read()).Length == lines.Length);
        }
    }

    [Fact]
    public async Task A_session_keeps_what_it_has_seen_across_moves_and_a_repeated_request_its_first_answer()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "session");
        string? token = null;
        var count = 0;
        foreach (var (region, writer) in new[] { (West, West), (East, Asia), (Asia, West), (East, East), (West, Asia) })
        {
            await world.Admin(region).PinAsync(world.Ledger(region, key), region);
            using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token, RequestKey = $"{count}" }))
            {
                Assert.Equal(++count, await world.Ledger(writer, key).Append($"{count}"));
                token = session.Token;
            }

            foreach (var reader in Names)
            {
                using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token });
                Assert.Equal(count, (await world.Ledger(reader, key).Read()).Length);
                token = session.Token;
            }
        }

        // Every request that was made before is known wherever the entity went since.
        for (var request = 0; request < count; request++)
        {
            using var session = GeoSession.Begin(new() { RequestKey = $"{request}" });
            Assert.Equal(request + 1, await world.Ledger(East, key).Append($"{request + 1}"));

            // Who is answered has seen how the entity moved since.
            Assert.Equal(4, session.Seen.All.Length);
        }

        using var mismatch = GeoSession.Begin(new() { RequestKey = "0" });
        var refused = await Assert.ThrowsAsync<GeoException>(() => world.Ledger(Asia, key).Append("another"));
        Assert.Equal(GeoErrorCode.IdempotencyMismatch, refused.Code);
    }

    [Fact]
    public async Task A_replica_that_has_not_seen_the_arrival_shows_what_left_and_says_how_old_it_may_be()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.note", "left");
        await world.Note(West, key).Append("1");
        await Wait.UntilAsync("Asia shows it", async () => (await world.Note(Asia, key).Read()).Length == 1);

        // Once there and back, so that Asia has heard of the shard where it goes.
        await world.Admin(West).PinAsync(Note(key), new(East));
        await Wait.UntilAsync("Asia follows it there", () => FollowsAsync(moves: 1));
        await world.Admin(West).UnpinAsync(Note(key));
        await Wait.UntilAsync("Asia follows it back", () => FollowsAsync(moves: 2));
        world.World.Cut(East, Asia);
        await world.Admin(West).PinAsync(Note(key), new(East));
        string? token;
        using (var writing = GeoSession.Begin(new() { Consistency = ReadConsistency.Session }))
        {
            await world.Note(West, key).Append("2");
            token = writing.Token;
        }

        await Wait.UntilAsync("what Asia shows is known to be old", async () =>
        {
            using var session = GeoSession.Begin(new());
            return (await world.Note(Asia, key).Read()).Length == 1 && session.Last!.Value.Staleness > TimeSpan.FromSeconds(1);
        });
        using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
        {
            // The home is reached through the third region.
            Assert.Equal(["1", "2"], await world.Note(Asia, key).Read());
            Assert.Equal(East, session.Last!.Value.ServedBy.Name);
        }

        world.World.Heal(East, Asia);
        await Wait.UntilAsync("Asia follows", () => FollowsAsync(moves: 3));
        await Wait.UntilAsync("Asia shows what was written there", async () => (await world.Note(Asia, key).Read()).Length == 2);

        async Task<bool> FollowsAsync(long moves)
        {
            using var session = GeoSession.Begin(new());
            await world.Note(Asia, key).Read();
            return session.Last is { ServedBy.Name: Asia, Staleness: not null } last && last.Moves == moves;
        }
    }

    [Fact]
    public async Task What_cannot_be_pinned_is_refused_and_two_pins_at_once_follow_one_another()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "two");
        var admin = world.Admin(West);
        Assert.Equal(GeoErrorCode.UnknownRegion, await CodeOfAsync(() => admin.PinAsync(Ledger(key), new("nowhere"))));
        Assert.Equal(GeoErrorCode.InvalidArgument, await CodeOfAsync(() => admin.PinAsync(GrainId.Create("test.listener", "x"), new(East))));
        Assert.Equal(GeoErrorCode.InvalidArgument, await CodeOfAsync(() => admin.PinAsync(GrainId.Create("test.tally", "x"), new(East))));
        Assert.Equal(GeoErrorCode.InvalidArgument, await CodeOfAsync(() => admin.GetPinsAsync(count: 0)));

        await world.Ledger(West, key).Append("1");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.Admin(Names[i % 3]).PinAsync(Ledger(key), new(Names[i / 2]))));
        var at = await world.Admin(West).LocateAsync(Ledger(key));
        Assert.True(at.IsPinned);
        Assert.Equal(2, await world.Ledger(Asia, key).Append("2"));

        // Others, to be listed by pages.
        var keys = Enumerable.Range(0, 7).Select(static i => $"listed-{i}").ToList();
        await Task.WhenAll(keys.Select(listed => admin.PinAsync(Ledger(listed), new(East))));
        await Wait.UntilAsync("this region shows them all", async () => (await admin.GetPinsAsync()).Pins.Length == keys.Count + 1);
        var all = new List<string>();
        for (var page = await admin.GetPinsAsync(count: 3); ; page = await admin.GetPinsAsync(page.Next, 3))
        {
            Assert.All(page.Pins, static pin => Assert.Equal(pin.Region, pin.Home.Region));
            all.AddRange(page.Pins.Select(static pin => pin.Entity.Key.ToString()!));
            if (page.Next is null)
            {
                break;
            }
        }

        Assert.Equal(keys.Append(key).Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
        await admin.UnpinAsync(Ledger(key));
        await Wait.UntilAsync("it is not listed any more", async () => (await admin.GetPinsAsync()).Pins.Length == keys.Count);

        await world.DrainAsync(West, East);
        await Wait.UntilAsync("West knows that East is drained", () => Task.FromResult(world.StatusOf(West, East).Mode == RegionMode.Drained));
        Assert.Equal(GeoErrorCode.Draining, await CodeOfAsync(() => admin.PinAsync(Ledger(key), new(East))));
        Assert.Equal(1, await world.Ledger(Asia, keys[0]).Append("goes on elsewhere"));
        await admin.RestoreAsync(new(East));
        await Wait.UntilAsync("East has its homes back", () => Task.FromResult(world.StatusOf(West, East).ShardsHomed == world.PreferredHomesOf(East)));
        Assert.Equal(East, (await admin.PinAsync(Ledger(key), new(East))).Home.Region.Name);
        await world[Asia].StopAsync();
        await Wait.UntilAsync("Asia is down", () => Task.FromResult(!world.StatusOf(West, Asia).HoldsLease));
        Assert.Equal(GeoErrorCode.HomeUnavailable, await CodeOfAsync(() => admin.PinAsync(Ledger(key), new(Asia))));
    }

    [Fact]
    public async Task Reminders_and_one_way_calls_reach_an_entity_where_it_is()
    {
        await using var world = await StartAsync(configureSilo: ReminderTests.Configure);
        var key = world.World.KeyIn(East, "test.ticker", "moving");
        var ticker = world[West].Grains.GetGrain<ITicker>(key);
        await ticker.Register("a", TimeSpan.Zero, ReminderTests.Period);
        await ReminderTests.WhenTickedAsync(world, key, "a", 2);
        foreach (var region in new[] { Asia, West, East })
        {
            await world.Admin(West).PinAsync(GrainId.Create("test.ticker", key), new(region));
            await Wait.UntilAsync($"it ticks in {region}", async () => (await ticker.Ticks("a"))[^1].Region == region);
        }

        // If the request is repeated in its middle, it finds that it has done it.
        await ticker.Unregister("a");
        Assert.False(await ticker.Unregister("a"));
        var ticks = await ticker.Ticks("a");
        Assert.Equal(ticks.Length, ticks.Select(static tick => tick.At).Distinct().Count());

        var ledger = world.World.KeyIn(East, "test.ledger", "oneway");
        await world.Admin(West).PinAsync(Ledger(ledger), new(Asia));
        await Wait.UntilAsync("a one-way call arrives", async () =>
        {
            await world.Ledger(West, ledger).AppendOneWay("sent");
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            return (await world.Ledger(Asia, ledger).Read()).Length > 0;
        });
    }

    [Theory]
    [InlineData("Left")]
    [InlineData("Arrived")]
    public async Task A_move_whose_regions_are_lost_half_way_is_finished_by_the_next_request(string step)
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, "test.ledger", "half");
        for (var i = 1; i <= 3; i++)
        {
            await world.Ledger(Asia, key).Append($"{i}");
        }

        // The region that made the step is gone before it can say so: West let it go, or East took it in.
        var dies = step == "Left" ? West : East;
        var stopped = new TaskCompletionSource();
        foreach (var services in world[dies].Services)
        {
            services.GetRequiredService<IMoveSteps>().Passed += (passed, _) =>
            {
                if (passed.ToString() == step && !stopped.Task.IsCompleted)
                {
                    world.CutOff(dies);
                    stopped.TrySetResult();
                }
            };
        }

        var pin = world.Admin(Asia).PinAsync(Ledger(key), new(East));
        while (await Wait.ForAsync("the step is made, or the pin is refused", Task.WhenAny(stopped.Task, pin), TimeSpan.FromMinutes(2)) == pin && !stopped.Task.IsCompleted)
        {
            // A busy machine may cost a region its lease for a moment.
            await Assert.ThrowsAsync<GeoException>(() => pin);
            pin = world.Admin(Asia).PinAsync(Ledger(key), new(East));
        }

        world.DiskOf(dies).Crash();
        await world[dies].StopAsync();
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(25) }))
        {
            Assert.Equal(4, await world.Ledger(Asia, key).Append("4"));
        }

        await pin.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        await world[dies].StartAsync();
        await world.RejoinAsync(dies);
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong, Deadline = TimeSpan.FromSeconds(25) }))
        {
            Assert.Equal(["1", "2", "3", "4"], await world.Ledger(West, key).Read());
        }

        await Wait.UntilAsync("Asia shows that it is pinned", async () => (await world.Admin(Asia).LocateAsync(Ledger(key))).IsPinned);
        await Wait.UntilAsync("it is listed", async () => (await world.Admin(Asia).GetPinsAsync()).Pins.Any(pin => pin.Entity == Ledger(key) && pin.Region.Name == East));
    }

    private static GrainId Ledger(string key) => GrainId.Create("test.ledger", key);

    private static GrainId Note(string key) => GrainId.Create("test.note", key);

    private static async Task<string> ServedByAsync(BreakableWorld world, string region, string key)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        await world.Ledger(region, key).Read();
        return strong.Last!.Value.ServedBy.Name;
    }

    private static async Task<List<string>> WriteUntilAsync(BreakableWorld world, string region, string key, CancellationToken stop)
    {
        var written = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            written.Add($"{region}-{written.Count}");
            await world.Ledger(region, key).Append(written[^1]);
        }

        return written;
    }

    private static async Task<GeoErrorCode> CodeOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<GeoException>(call)).Code;
}
