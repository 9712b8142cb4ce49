using OrleansGeo.Testing;
using OrleansGeo.Tests.Grains;

namespace OrleansGeo.Tests.Worlds;

[Collection(WorldCollection.Name)]
public sealed class GateTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_repeated_request_takes_effect_once_and_answers_the_same()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-1" });
            Assert.Equal(1, await region.Grains.GetGrain<ICart>("dedup").Add("book", 1));
        }

        Assert.Equal(2, await _world.Regions.First().Grains.GetGrain<ICart>("dedup").Add("book", 1));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_version_and_the_exception_of_the_first()
    {
        var versions = new HashSet<string>();
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-2" });
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => region.Grains.GetGrain<ICart>("dedup-throws").AddThenThrow("book"));
            versions.Add(session.Last!.Value.Version.ToString());
        }

        Assert.Single(versions);
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(1, await _world.Regions.First().Grains.GetGrain<ICart>("dedup-throws").Count("book"));
    }

    [Fact]
    public async Task One_key_for_two_requests_is_refused()
    {
        var grain = _world.Regions.First().Grains.GetGrain<ICart>("mismatch");
        using (GeoSession.Begin(new() { RequestKey = "order-3" }))
        {
            await grain.Add("book", 1);
        }

        using (GeoSession.Begin(new() { RequestKey = "order-3" }))
        {
            var refused = await Assert.ThrowsAsync<GeoException>(async () => await grain.Add("book", 2));
            Assert.Equal(GeoErrorCode.IdempotencyMismatch, refused.Code);
        }

        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(1, await grain.Count("book"));
    }

    [Fact]
    public async Task A_repeated_request_repeats_its_nested_calls_under_the_same_ids()
    {
        for (var i = 0; i < 3; i++)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "transfer-1" });
            Assert.Equal(1, await _world.Regions.ElementAt(i).Grains.GetGrain<ILedger>("outer").AppendBoth("t", "inner"));
        }

        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(["t"], await _world.Regions.First().Grains.GetGrain<ILedger>("inner").Read());
    }

    [Fact]
    public async Task A_request_that_writes_calls_and_writes_again_is_whole_and_repeats_its_answer()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "twice" });
            Assert.Equal(2, await region.Grains.GetGrain<ILedger>("twice").AppendTellAppend("x", "listener"));
        }

        Assert.Equal(4, await _world.Regions.First().Grains.GetGrain<ILedger>("twice").AppendTellAppend("y", "listener"));
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(["x before", "x after", "y before", "y after"], await _world.Regions.First().Grains.GetGrain<ILedger>("twice").Read());
    }

    [Fact]
    public async Task A_one_way_call_after_a_write_leaves_and_arrives()
    {
        await _world.Regions.First().Grains.GetGrain<ILedger>("sender").AppendAndSend("sent", "receiver");
        await Wait.UntilAsync("the one-way call arrived", async () =>
        {
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            return (await _world.Regions.First().Grains.GetGrain<ILedger>("receiver").Read()).SequenceEqual(["sent"]);
        });
    }

    [Fact]
    public async Task Many_writers_of_one_entity_lose_nothing_and_share_commits()
    {
        const int Writers = 200;
        var (home, _) = _world.HomeAndAway("test.ledger", "hot");
        var counts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => home.Grains.GetGrain<ILedger>("hot").Append($"{i}")));
        Assert.Equal(Enumerable.Range(1, Writers), counts.Order());
    }

    [Fact]
    public async Task States_of_one_entity_are_cleared_together()
    {
        var grain = _world.Regions.First().Grains.GetGrain<ICart>("cleared");
        await grain.Add("book", 2);
        await grain.Clear();
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
        {
            Assert.Equal(0, await grain.Count("book"));
        }

        Assert.Equal(1, await grain.Add("book", 1));
    }

    [Fact]
    public async Task Nothing_leaves_an_activation_before_it_is_durable()
    {
        const string Second = "the second of the gate";
        var key = _world.KeyIn("westeurope", "test.ledger", "gate");
        var home = _world["westeurope"];
        await home.Grains.GetGrain<ILedger>(key).Append("first");
        var disk = fixture.DiskOf("westeurope");
        disk.Faults.Pause();
        Task<int> write;
        Task<string[]> read;
        try
        {
            var staged = await home.LastEntryAsync("test.ledger", key);
            write = home.Grains.GetGrain<ILedger>(key).AppendAndTell(Second, "listener");
            await Wait.UntilAsync("the write is on its way to the disk", async () => await home.LastEntryAsync("test.ledger", key) > staged);
            read = home.Grains.GetGrain<ILedger>(key).Read();
            await _world["eastus2"].Grains.GetGrain<IListener>("elsewhere").Count();

            // The write and the read that saw it wait for the disk, and the other grain was told in no region.
            Assert.False(write.IsCompleted);
            Assert.False(read.IsCompleted);
            Assert.Equal(0, _world.Told(Second));
        }
        finally
        {
            disk.Faults.Resume();
        }

        Assert.Equal(2, await write);
        Assert.Equal(["first", Second], await read);
        Assert.Equal(1, _world.Told(Second));
    }

    [Fact]
    public async Task A_read_only_method_that_writes_is_refused()
    {
        var home = _world.HomeOf("test.cart", "read-only");
        var refused = await Assert.ThrowsAsync<GeoException>(() => home.Grains.GetGrain<ICart>("read-only").WriteInRead());
        Assert.Equal(GeoErrorCode.ReadOnlyMethod, refused.Code);
    }

    [Fact]
    public async Task A_write_on_a_replica_is_refused()
    {
        var (_, away) = _world.HomeAndAway("test.cart", "replica-write");
        var refused = await Assert.ThrowsAsync<GeoException>(() => away.Grains.GetGrain<ICart>("replica-write").WriteInRead());
        Assert.Equal(GeoErrorCode.NotHome, refused.Code);
    }

    [Fact]
    public async Task A_timer_ticks_at_home_and_not_on_a_replica()
    {
        var (home, away) = _world.HomeAndAway("test.ledger", "timer");
        await away.Grains.GetGrain<ILedger>("timer").StartTimerOnReplica("tock");
        await home.Grains.GetGrain<ILedger>("timer").StartTimer("tick");
        await Wait.UntilAsync("the tick is written", async () => (await home.Grains.GetGrain<ILedger>("timer").Read()).Contains("tick"));
        Assert.Null(await away.Grains.GetGrain<ILedger>("timer").TimerError());
        Assert.DoesNotContain("tock", await home.Grains.GetGrain<ILedger>("timer").Read());
    }

    [Fact]
    public async Task A_record_over_the_limit_is_refused_and_changes_nothing()
    {
        var grain = _world.Regions.First().Grains.GetGrain<ILedger>("large");
        await grain.Append("kept");
        var refused = await Assert.ThrowsAsync<GeoException>(() => grain.Pad(512 * 1024));
        Assert.Equal(GeoErrorCode.TooLarge, refused.Code);
        await grain.Pad(500 * 1024);

        var longAnswer = await Assert.ThrowsAsync<GeoException>(() => grain.AppendAndAnswer(600 * 1024));
        Assert.Equal(GeoErrorCode.TooLarge, longAnswer.Code);
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(["kept"], await grain.Read());
    }
}
