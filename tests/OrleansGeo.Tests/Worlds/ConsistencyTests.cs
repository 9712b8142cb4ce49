using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Every read says how fresh it is, and keeps what it was asked to keep: also while regions are lost, cut off and come back.</summary>
[MostlyWaits]
public sealed class ConsistencyTests
{
    [Fact]
    public async Task A_session_reads_its_own_writes_in_every_region_and_a_token_carries_it_from_one_to_the_next()
    {
        await using var world = await StartAsync();
        string? token = null;
        for (var round = 1; round <= 20; round++)
        {
            foreach (var (writer, reader) in new[] { (West, Asia), (East, West), (Asia, East) })
            {
                var key = world.World.KeyIn(writer, "test.ledger", "hop");
                using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
                {
                    Assert.Equal(round, await world.Ledger(writer, key).Append($"{round}"));
                    token = session.Token;
                }

                using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
                {
                    Assert.Equal(round, (await world.Ledger(reader, key).Read()).Length);
                    token = session.Token;
                }
            }
        }
    }

    [Fact]
    public async Task What_the_calls_of_a_grain_wrote_belongs_to_its_callers_session()
    {
        await using var world = await StartAsync();
        var (outer, nested) = (world.World.KeyIn(West, "test.ledger", "outer"), world.World.KeyIn(East, "test.ledger", "nested"));
        string? token;
        using (var session = GeoSession.Begin(new() { RequestKey = "both" }))
        {
            await world.Ledger(West, outer).AppendBoth("1", nested);
            token = session.Token;
        }

        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
        {
            Assert.Equal(["1"], await world.Ledger(Asia, nested).Read());
        }

        // A repeated request answers with what it saw, too.
        using (var session = GeoSession.Begin(new() { RequestKey = "both" }))
        {
            await world.Ledger(Asia, outer).AppendBoth("1", nested);
            Assert.Equal(2, session.Seen.All.Length);
        }
    }

    [Fact]
    public async Task A_replica_reports_its_staleness_and_a_cut_one_reports_that_it_grows()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "stale");
        await world.Ledger(East, key).Append("1");
        await Wait.UntilAsync("the replica is fresh", async () => await StalenessAsync(world, West, key) is { } fresh && fresh < TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, await StalenessAsync(world, East, key));

        world.World.Cut(West, East);
        await Wait.UntilAsync("it is stale", async () => await StalenessAsync(world, West, key) > TimeSpan.FromSeconds(1));

        // The home is reached through the third region.
        using (var bounded = GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromMilliseconds(900) }))
        {
            Assert.Equal(["1"], await world.Ledger(West, key).Read());
            Assert.Equal(East, bounded.Last!.Value.ServedBy.Name);
        }

        world.World.Heal(West, East);
        await Wait.UntilAsync("it is fresh again", async () => await StalenessAsync(world, West, key) < TimeSpan.FromSeconds(1));
        using (var bounded = GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromSeconds(5) }))
        {
            await world.Ledger(West, key).Read();
            Assert.Equal(West, bounded.Last!.Value.ServedBy.Name);
        }
    }

    [Fact]
    public async Task A_region_that_is_cut_off_says_that_it_is_too_stale_and_how_stale_its_own_homes_are()
    {
        await using var world = await StartAsync();
        var (own, other) = (world.World.KeyIn(East, "test.ledger", "own"), world.World.KeyIn(West, "test.ledger", "other"));
        await world.Ledger(East, own).Append("1");
        await world.Ledger(East, other).Append("1");
        await Wait.UntilAsync("it is known how fresh the replica is", async () => await StalenessAsync(world, East, other) is not null);
        world.CutOff(East);
        foreach (var key in new[] { own, other })
        {
            await Wait.UntilAsync("it refuses", async () => await BoundedAsync(world, key, TimeSpan.FromMilliseconds(500)) == GeoErrorCode.TooStale);
            await Wait.UntilAsync($"it says how stale {key} is", async () => await StalenessAsync(world, East, key) > TimeSpan.FromSeconds(1));
            Assert.Null(await BoundedAsync(world, key, TimeSpan.FromMinutes(1)));
        }

        await world.RejoinAsync(East);
        await Wait.UntilAsync("it is fresh again", async () => await BoundedAsync(world, own, TimeSpan.FromMilliseconds(900)) is null);
    }

    [Fact]
    public async Task A_session_whose_write_was_left_behind_is_told_at_once_in_every_region_and_goes_on()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.note", "lost");
        await world.Note(East, key).Append("1");
        await Wait.UntilAsync("the others have it", async () => (await world.Note(West, key).Read()).Length == 1 && (await world.Note(Asia, key).Read()).Length == 1);
        world.CutOff(East);
        string? token;
        using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session }))
        {
            await world.Note(East, key).Append("alone");
            Assert.Equal(["1", "alone"], await world.Note(East, key).Read());
            token = session.Token;
        }

        // A newer epoch, with an entry where the lost one was. One of the two is its home; a repaired session of the other may read what is older.
        await world.Note(West, key).Append("since");
        foreach (var name in new[] { West, Asia })
        {
            await Wait.UntilAsync($"{name} has it", async () => await world.Note(name, key).Read() is ["1", "since"]);
        }

        foreach (var region in new[] { West, Asia })
        {
            using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token });
            var told = await Assert.ThrowsAsync<GeoException>(() => world.Note(region, key).Read());
            Assert.Equal(GeoErrorCode.WriteLost, told.Code);
            Assert.Equal(["1", "since"], await world.Note(region, key).Read());
            Assert.NotEqual(token, session.Token);
        }

        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
        {
            var told = await Assert.ThrowsAsync<GeoException>(() => world.Note(Asia, key).Append("refused"));
            Assert.Equal(GeoErrorCode.WriteLost, told.Code);
            Assert.Equal(3, await world.Note(Asia, key).Append("2"));
        }

        await world.RejoinAsync(East);
        using (var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
        {
            var told = await Assert.ThrowsAsync<GeoException>(() => world.Note(East, key).Read());
            Assert.Equal(GeoErrorCode.WriteLost, told.Code);
            await Wait.UntilAsync("it goes on", async () => (await world.Note(East, key).Read()).Length == 3);
        }
    }

    [Fact]
    public async Task A_token_of_a_world_whose_data_was_reset_is_refused()
    {
        string? token;
        await using (var before = await StartAsync())
        {
            using var session = GeoSession.Begin(new());
            await before.Ledger(West, "reset").Append("1");
            token = session.Token;
            Assert.NotNull(token);
        }

        await using var after = await StartAsync();
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token }))
        {
            Assert.Equal(GeoErrorCode.InvalidSession, (await Assert.ThrowsAsync<GeoException>(() => after.Ledger(West, "reset").Read())).Code);
        }
    }

    [Fact]
    public async Task A_session_that_has_forgotten_shards_still_reads_its_own_writes()
    {
        await using var world = await StartAsync();
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session });
        for (var i = 0; i < 3 * SessionFloors.Limit && !session.Seen.HasForgotten; i++)
        {
            await world.Ledger(West, $"many-{i}").Append("1");
        }

        Assert.True(session.Seen.HasForgotten);
        for (var i = 0; i < SessionFloors.Limit; i++)
        {
            Assert.Equal(["1"], await world.Ledger(Asia, $"many-{i}").Read());
        }
    }

    private static async Task<TimeSpan?> StalenessAsync(BreakableWorld world, string region, string key)
    {
        using var session = GeoSession.Begin(new());
        await world.Ledger(region, key).Read();
        return session.Last!.Value.Staleness;
    }

    /// <returns>The error's code; null when it was answered.</returns>
    private static async Task<GeoErrorCode?> BoundedAsync(BreakableWorld world, string key, TimeSpan bound)
    {
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = bound, Deadline = TimeSpan.FromSeconds(2) });
        try
        {
            await world.Ledger(East, key).Read();
            return null;
        }
        catch (GeoException exception)
        {
            return exception.Code;
        }
    }
}
