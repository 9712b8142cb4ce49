using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Protocol;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Shards;

/// <summary>What the shell around a home's log adds to it: the order of its steps, the lease and the clock. On a store in memory.</summary>
public sealed class HomeShardTests : IAsyncLifetime
{
    private static readonly ShardId Id = new("q-07");

    private readonly MemoryRegionDisk _disk = new();
    private readonly JumpingTime _time = new();
    private readonly MemoryRegionStore _store;
    private HomeShard? _home;
    private bool _mayAct = true;

    public HomeShardTests() => _store = new(_disk);

    public Task InitializeAsync() => _store.OpenAsync(ThisWorld);

    public async Task DisposeAsync()
    {
        _disk.Faults.Resume();
        await (_home?.CloseAsync("the test is over") ?? Task.CompletedTask);
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_is_durable_only_after_the_lease_ended_is_not_acknowledged()
    {
        var home = await OpenAsync(ShardFamily.Region, epoch: 1, East);
        _disk.Faults.Pause();
        var acknowledged = home.WhenAcknowledgedAsync(await StageAsync(home));
        _mayAct = false;
        _disk.Faults.Resume();
        await Assert.ThrowsAsync<ShardClosedException>(() => acknowledged);
        Assert.Equal(At(0), home.Acknowledged);
    }

    [Fact]
    public async Task A_row_leaves_only_when_the_own_store_has_said_that_it_has_it()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        var probe = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        home.Replied(0, probe, new(AppendVerdict.Stored, At(0), 0, At(0), 0, home.Home.Token));
        var progressed = new TaskCompletionSource();
        home.Progressed += () => progressed.TrySetResult();
        _disk.Faults.Pause();
        await StageAsync(home);
        while ((await _store.ReadHeadAsync(Id)).Last < At(1))
        {
            await Task.Yield();
        }

        Assert.Equal((At(0), null), (home.End.Last, home.NextShipment(0)));
        _disk.Faults.Resume();
        await progressed.Task;
        Assert.Single(Assert.IsType<Shipment.Send>(home.NextShipment(0)).Message.Rows);
    }

    [Fact]
    public async Task A_promoted_home_serves_once_an_entry_of_its_own_is_on_a_majority()
    {
        var home = await OpenAsync(ShardFamily.Region, epoch: 2, East);
        await home.WhenStarted;
        var start = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        Assert.False(home.WhenReady.IsCompleted);
        home.Replied(0, start, new(AppendVerdict.Stored, At(1), 2, At(1), 2, home.Home.Token));
        Assert.True(home.WhenReady.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_home_that_was_handed_the_whole_log_takes_requests_before_that_and_acknowledges_them_after_it()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 2, isHanded: true, East);
        await home.WhenReady;
        var staged = home.WhenAcknowledgedAsync(await StageAsync(home));
        while (home.End.Last < At(2))
        {
            await Task.Yield();
        }

        Assert.False(staged.IsCompleted);
        var start = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        home.Replied(0, start, new(AppendVerdict.Stored, At(2), 2, At(2), 2, home.Home.Token));
        await staged;
    }

    [Fact]
    public async Task What_was_stored_before_the_home_opened_is_acknowledged_without_another_write()
    {
        var before = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        await StageAsync(before);
        while (before.End.Last < At(1))
        {
            await Task.Yield();
        }

        await before.CloseAsync("it opens again");
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        var acknowledged = home.WhenAcknowledgedAsync(At(1));
        Assert.False(acknowledged.IsCompleted);

        // What another region measures its staleness by: it was acknowledged before, or may have been.
        Assert.Equal(At(1), home.AcknowledgedAtMost);
        var probe = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        home.Replied(0, probe, new(AppendVerdict.Stored, At(1), 1, At(1), 1, home.Home.Token));
        await acknowledged.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_window_of_remembered_requests_is_counted_in_monotonic_time()
    {
        var home = await OpenAsync(ShardFamily.Region, epoch: 1);
        await home.WhenAcknowledgedAsync(await StageAsync(home));
        _time.WallClock = TimeSpan.FromDays(1);
        await home.MaintainAsync(CancellationToken.None);
        Assert.True(home.TryFindAnswer("ada", new(0, 1), out _));
        _time.Monotonic = TimeSpan.FromMinutes(11);
        await home.MaintainAsync(CancellationToken.None);
        Assert.False(home.TryFindAnswer("ada", new(0, 1), out _));
    }

    [Fact]
    public async Task From_the_moment_at_which_its_store_is_asked_to_promise_the_shard_to_another_region_what_a_home_shows_ages()
    {
        var clock = new LeaseClock();
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        var before = home.Freshness;
        home.BeginHandOver();
        Assert.Equal(0, home.StalenessMs);
        home.BeginGivingAway(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(home.StalenessMs, 5_000, 60_000);
        Assert.InRange(home.StalenessOf(before), 5_000, 60_000);

        // Asked again, it may have been promised the first time. And that nobody else can have written before is true without a lease, too.
        home.BeginGivingAway(clock);
        _mayAct = false;
        Assert.InRange(home.StalenessMs, 5_000, 60_000);

        _mayAct = true;
        home.EndHandOver();
        Assert.Equal(0, home.StalenessMs);
    }

    [Fact]
    public async Task A_home_that_gives_a_shard_away_without_a_lease_does_not_know_how_old_it_is()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        home.BeginHandOver();
        _mayAct = false;
        home.BeginGivingAway(new LeaseClock());
        _mayAct = true;
        Assert.Equal(-1, home.StalenessMs);
    }

    /// <summary>A read may take its data, wait, and answer when its region was made home meanwhile.</summary>
    [Fact]
    public async Task A_home_does_not_vouch_for_data_that_was_taken_from_the_replica_before_it()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        Assert.Equal(0, home.StalenessOf(home.Freshness));
        Assert.Equal(-1, home.StalenessOf(new LeaseClock().Now.Ticks));
        Assert.Equal(-1, home.StalenessOf(-1));
    }

    /// <summary>A shard keeps ten minutes of log, which is more than a silo has room for once it is home of many.</summary>
    [Fact]
    public async Task A_home_opens_with_one_page_of_its_log_in_memory_at_a_time()
    {
        const int RowBytes = 700_000;
        const int Rows = 30;
        LogRow[] rows = [.. Enumerable.Range(1, Rows).Select(static i => LogRowCodec.Encode(1, [Large(i)]))];
        await _store.AppendAsync(Id, After(0, 0, Epoch(1), rows));
        await _store.CheckpointAsync(Id, Epoch(1), At(Rows), []);
        var (store, pages) = PagesInMemory.Of(_store);
        var home = await HomeShard.OpenAsync(
            Id, new(West, 1), ShardFamily.Quorum, new([West, East]), [East], store, isHanded: false, () => _mayAct, new GeoLimits(), _time, NullLogger.Instance, CancellationToken.None);
        _home = Assert.IsType<HomeShard>(home);
        Assert.InRange(pages.Pages, 4, Rows);
        Assert.InRange(pages.MostAlive, 0, (4 * 1024 * 1024 / RowBytes) + 1);
        Assert.True(_home.TryFindAnswer("e3", new(1, 3), out var answer));
        Assert.Equal(16, answer.Answer.Length);
        Assert.Equal(0, pages.CountAlive());

        static LogEntry Large(int i) => new()
        {
            Kind = EntryKind.Write,
            Position = At(i),
            Entity = $"e{i}",
            Request = new(1, (ulong)i),
            EntityVersion = new(1, At(i)),
            Changes = [new("a", new(1, At(i)), new byte[RowBytes])],
            Answer = new byte[16],
        };
    }

    [Fact]
    public async Task A_home_does_not_open_on_a_log_that_it_cannot_read()
    {
        var row = LogRowCodec.Encode(1, [new() { Kind = EntryKind.EpochStart, Position = At(1) }]);
        await _store.AppendAsync(Id, After(0, 0, Epoch(1), Entries.Newer(row)));
        Assert.Contains("newer version", (await Assert.ThrowsAsync<FormatException>(() => OpenAsync(ShardFamily.Quorum, epoch: 1, East))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_refuses_rows_is_not_known_to_be_near_the_end_of_the_log()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        var probe = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        home.Replied(0, probe, new(AppendVerdict.Stored, At(0), 0, At(0), 0, home.Home.Token));
        Assert.Equal(0, home.LagOf(0));
        var progressed = new TaskCompletionSource();
        home.Progressed += () => progressed.TrySetResult();
        await StageAsync(home);
        await progressed.Task;
        var send = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        Assert.Equal(ReplyEffect.Refused, home.Replied(0, send, new(AppendVerdict.Unreadable, At(0), 0, At(0), 0, home.Home.Token, "of a newer version")));
        Assert.Equal((null, "of a newer version"), (home.LagOf(0), home.RefusalOf(0)));

        // Asked again, it says where it stands, which is not that it can read what it lacks.
        home.RestartReplica(0);
        probe = Assert.IsType<Shipment.Send>(home.NextShipment(0));
        home.Replied(0, probe, new(AppendVerdict.Gap, At(0), 0, At(0), 0, home.Home.Token));
        Assert.Null(home.LagOf(0));
    }

    /// <summary>The region's cluster gave the first one's silo up while that stood still; now it goes on, with a lease that lives.</summary>
    [Fact]
    public async Task A_home_that_another_activation_wrote_beside_answers_no_strong_read_and_closes()
    {
        var first = await OpenAsync(ShardFamily.Region, epoch: 1);
        await first.WhenAcknowledgedAsync(await StageAsync(first));
        Assert.True(await first.IsNewestAsync());

        var second = await OpenAsync(ShardFamily.Region, epoch: 1);
        Assert.True(await first.IsNewestAsync());
        await second.WhenAcknowledgedAsync(await StageAsync(second, request: 2));
        Assert.False(await first.IsNewestAsync());
        Assert.False(first.IsOpen);
        Assert.True(await second.IsNewestAsync());
        await first.CloseAsync("the test is over");
    }

    /// <summary>What it has on the way to the store is its own: a strong read waits for it, and is not refused again and again.</summary>
    [Fact]
    public async Task A_home_whose_own_row_is_on_its_way_answers_a_strong_read_once_it_is_there()
    {
        var home = await OpenAsync(ShardFamily.Region, epoch: 1);
        _disk.Faults.Pause();
        await StageAsync(home);
        while ((await _store.ReadHeadAsync(Id)).Last < At(1))
        {
            await Task.Yield();
        }

        var newest = home.IsNewestAsync();
        Assert.False(newest.IsCompleted);
        _disk.Faults.Resume();
        Assert.True(await newest);
    }

    [Fact]
    public async Task Reads_that_come_together_are_answered_alike()
    {
        var first = await OpenAsync(ShardFamily.Region, epoch: 1);
        await first.WhenAcknowledgedAsync(await StageAsync(first));
        var second = await OpenAsync(ShardFamily.Region, epoch: 1);
        await second.WhenAcknowledgedAsync(await StageAsync(second, request: 2));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => first.IsNewestAsync()));
        Assert.All(answers, Assert.False);
        await first.CloseAsync("the test is over");
    }

    [Fact]
    public async Task A_shard_that_closes_while_it_waits_for_requests_does_not_wait_for_them_any_more()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        Assert.True(home.Departures.TryEnter("ada", mustFinish: false));
        var leaves = home.LeavesAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
        Assert.False(leaves.IsCompleted);
        home.Close("its lease ended");
        await leaves.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(home.Departures.TryEnter("ada", mustFinish: true));
    }

    [Fact]
    public async Task What_may_be_staged_no_more_may_be_called_no_more()
    {
        var home = await OpenAsync(ShardFamily.Quorum, epoch: 1, East);
        home.BeginHandOver();
        Assert.False(home.Departures.TryEnter("ada", mustFinish: true));
        home.EndHandOver();
        Assert.True(home.Departures.TryEnter("ada", mustFinish: false));
    }

    private Task<HomeShard> OpenAsync(ShardFamily family, long epoch, params ImmutableArray<RegionId> replicas) => OpenAsync(family, epoch, isHanded: false, replicas);

    private async Task<HomeShard> OpenAsync(ShardFamily family, long epoch, bool isHanded, params ImmutableArray<RegionId> replicas)
    {
        var home = await HomeShard.OpenAsync(
            Id, new(West, epoch), family, new([West, .. replicas]), replicas, _store, isHanded, () => _mayAct, new GeoLimits(), _time, NullLogger.Instance, CancellationToken.None);
        return _home = Assert.IsType<HomeShard>(home);
    }

    private static async Task<LogPosition> StageAsync(HomeShard home, ulong request = 1)
    {
        var live = await home.HoldAsync("ada");
        var result = home.Stage(new(live, live.Current!.Version, new(0, request), 1, [new("cart", new byte[] { 1 })], default), out _);
        Assert.Equal(StageVerdict.Staged, result.Verdict);
        return result.Position;
    }
}
