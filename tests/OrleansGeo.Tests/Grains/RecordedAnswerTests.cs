using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A request's recorded answer is what really happened: what ran out of time or was cancelled runs again, what a method threw does not.</summary>
[Collection(WorldCollection.Name)]
public sealed class RecordedAnswerTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_nested_call_that_ran_out_of_time_is_not_the_answer_for_ever()
    {
        var (outer, inner) = (_world.KeyIn("westeurope", "test.diary", "soon-a"), _world.KeyIn("eastus2", "test.diary", "soon-b"));
        var west = _world["westeurope"].Grains;
        var soon = TimeSpan.FromSeconds(1);
        await Wait.ForAsync("a call is answered", west.GetGrain<IDiary>(inner).Append("first"));
        var disk = fixture.DiskOf("eastus2");
        disk.Faults.Pause();
        try
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-60", Deadline = TimeSpan.FromSeconds(2) });
            await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", west.GetGrain<IDiary>(outer).AppendSoonTo(inner, "order", soon)));
        }
        finally
        {
            disk.Faults.Resume();
        }

        await Wait.ForAsync("the other entity can be written again", west.GetGrain<IDiary>(inner).Append("well"));
        using (GeoSession.Begin(new() { RequestKey = "order-60" }))
        {
            Assert.InRange(await Wait.ForAsync("the repeat is answered", west.GetGrain<IDiary>(outer).AppendSoonTo(inner, "order", soon)), 2, 3);
        }

        var lines = await Regions.StronglyAsync(() => west.GetGrain<IDiary>(inner).Read());
        Assert.Equal(["first", "order", "well"], lines.Order());
    }

    [Fact]
    public async Task A_request_that_was_cancelled_runs_when_it_is_repeated()
    {
        var away = _world.HomeAndAway("test.diary", "cancelled").Away;
        using (GeoSession.Begin(new() { RequestKey = "order-61" }))
        {
            using var cancellation = new CancellationTokenSource();
            var stopped = away.Grains.GetGrain<IDiary>("cancelled").StopThenAppend("cancelled", "x", cancellation.Token);
            await Wait.ForAsync("the method runs", Barriers.Of("cancelled").Reached);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.ForAsync("it is cancelled", stopped));
        }

        Barriers.Of("cancelled").Open();
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-61" });
            Assert.Equal(1, await Wait.ForAsync("the repeat is answered", region.Grains.GetGrain<IDiary>("cancelled").StopThenAppend("cancelled", "x", CancellationToken.None)));
        }
    }

    [Fact]
    public async Task A_time_out_that_a_method_throws_is_its_answer()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-62" });
            var thrown = await Assert.ThrowsAsync<TimeoutException>(() => Wait.ForAsync("it throws", region.Grains.GetGrain<IDiary>("timeout").AppendThenThrowTimeout("once")));
            Assert.Equal("as asked", thrown.Message);
        }

        Assert.Equal(["once"], await Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<IDiary>("timeout").Read()));
    }

    /// <summary>The error is true of the call that the method made; of the request, it would say that nothing happened.</summary>
    [Fact]
    public async Task An_error_that_says_that_nothing_happened_does_not_say_it_of_a_request_that_wrote()
    {
        for (var number = 1; number <= 2; number++)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-63" });
            var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", _world.Regions.Last().Grains.GetGrain<IDiary>("partly").AppendThenFail("line", GeoErrorCode.HomeUnavailable)));
            Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
            Assert.Contains("What it wrote is stored", failed.Message, StringComparison.Ordinal);
            Assert.Equal(GeoErrorCode.HomeUnavailable, Assert.IsType<GeoException>(failed.InnerException).Code);
            Assert.Equal(number, (await Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<IDiary>("partly").Read())).Length);
        }
    }

    /// <summary>What every attempt would meet is the answer, and must not say of the whole request what is true of a call only.</summary>
    [Theory]
    [InlineData(GeoErrorCode.NotForwardable)]
    [InlineData(GeoErrorCode.IdempotencyMismatch)]
    public async Task An_answer_that_says_that_nothing_happened_does_not_say_it_of_a_request_that_wrote(GeoErrorCode code)
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-64" });
            var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", region.Grains.GetGrain<IDiary>($"finally-{code}").AppendThenFail("line", code)));
            Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        }

        Assert.Equal(["line"], await ReadAsync($"finally-{code}"));
    }

    [Fact]
    public async Task Nor_does_one_among_several()
    {
        var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", Diary("together").AppendThenFailTogether("line", GeoErrorCode.HomeUnavailable)));
        Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        Assert.Equal(["line"], await ReadAsync("together"));
    }

    [Fact]
    public async Task Nor_does_it_of_a_request_that_wrote_nothing_and_had_called_another()
    {
        var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", Diary("called").TellThenFail("called-other", "told", GeoErrorCode.HomeUnavailable)));
        Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        Assert.Equal(["told"], await ReadAsync("called-other"));
    }

    [Fact]
    public async Task Of_a_request_whose_only_call_did_nothing_it_is_true()
    {
        var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", Diary("vain").FailThrough("vain-other", GeoErrorCode.HomeUnavailable)));
        Assert.Equal((GeoErrorCode.HomeUnavailable, "as asked"), (failed.Code, failed.Message));
    }

    /// <summary>The first time it wrote and called, and was cut off; the second time it fails before it does anything.</summary>
    [Fact]
    public async Task Nor_does_it_of_a_request_that_happened_in_part_when_it_ran_before()
    {
        var key = _world.KeyIn("westeurope", "test.diary", "before");
        var request = _world["westeurope"].Grains.GetGrain<IDiary>(key).AppendOnceThenTellThenStop(key, "before-other", "line");
        await Wait.ForAsync("it wrote and called", Barriers.Of(key).Reached);
        await _world.PinAsync("test.diary", key, "eastus2");
        Barriers.Of(key).Open();
        var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", request));
        Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        Assert.Equal(["line"], await ReadAsync(key));
        Assert.Equal(["line"], await ReadAsync("before-other"));
    }

    [Fact]
    public async Task A_request_that_called_another_and_ran_out_of_time_is_not_said_not_to_have_happened()
    {
        var key = _world.KeyIn("westeurope", "test.diary", "late");
        Task<int> request;
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2) }))
        {
            request = _world["westeurope"].Grains.GetGrain<IDiary>(key).TellThenStop(key, "late-other", "told");
        }

        await Wait.ForAsync("it called another", Barriers.Of(key).Reached);
        var home = _world.HomeShardOf("test.diary", key);
        home.BeginHandOver();
        try
        {
            Barriers.Of(key).Open();
            var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", request));
            Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        }
        finally
        {
            home.EndHandOver();
        }

        Assert.Equal(["told"], await ReadAsync("late-other"));
    }

    [Fact]
    public async Task A_nested_call_has_no_more_time_than_is_left_of_its_parents()
    {
        var west = _world["westeurope"].Grains;
        var busy = west.GetGrain<IDiary>("left-b").StopThenAppend("left", "busy", CancellationToken.None);
        try
        {
            await Wait.ForAsync("the other entity is busy", Barriers.Of("left").Reached);
            using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(1) });
            await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it runs out of time", west.GetGrain<IDiary>("left-a").AppendToAndNote("left-b", "left-late")));

            // Orleans' own response timeout, which is also what a call has by default, is 30 s.
            await Wait.UntilAsync("the nested call has ended with its parent", () => Task.FromResult(_world.Told("left-late has ended") > 0), TimeSpan.FromSeconds(10));
        }
        finally
        {
            Barriers.Of("left").Open();
            await Wait.ForAsync("a call is answered", busy);
        }
    }

    private IDiary Diary(string key) => _world.Regions.Last().Grains.GetGrain<IDiary>(key);

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => Diary(key).Read());
}
