using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Shards.Records;
using OrleansGeo.Storage.Memory;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Reminders;

/// <summary>A shard's reminders on a home over a store in memory, by a clock that the test sets.</summary>
public sealed class ShardRemindersTests : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly MemoryRegionStore _store = new(new MemoryRegionDisk());
    private readonly TickTime _time = new(Noon);
    private readonly BackgroundLoops _loops;
    private readonly (IGrainFactory Grains, TickReceiver Receiver) _grains = TickReceiver.Create();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<HomeShard> _homes = [];
    private bool _mayAct = true;

    public ShardRemindersTests() => _loops = new(_time);

    public Task InitializeAsync() => _store.OpenAsync(ThisWorld);

    public async Task DisposeAsync()
    {
        _mayAct = true;
        await Task.WhenAll(_homes.Select(static home => home.CloseAsync("the test is over")));
        await _store.DisposeAsync();
        _loops.Dispose();
    }

    [Fact]
    public async Task The_timer_is_armed_for_the_tick_that_falls_due_next()
    {
        var home = await OpenAsync("q-01");
        var reminders = Start(home);
        await reminders.WhenLoaded;
        await RegisterAsync(home, "t/late", Noon + (10 * Minute));
        await _time.WhenArmedAsync(Minute);
        await RegisterAsync(home, "t/soon", Noon + TimeSpan.FromSeconds(5));
        await _time.WhenArmedAsync(TimeSpan.FromSeconds(5));
        _time.Now += TimeSpan.FromSeconds(5);
        _time.GoOff();
        await Worlds.Wait.UntilAsync("it ticked", () => Task.FromResult(_grains.Receiver.Ticks.Contains("t/soon r 12:00:05")));
        await _time.WhenArmedAsync(Minute);
        await UnregisterAsync(home, "t/soon");
        await UnregisterAsync(home, "t/late");
        await _time.WhenArmedAsync(Timeout.InfiniteTimeSpan);
        Assert.Equal(0, reminders.Count);
    }

    [Fact]
    public async Task Without_the_lease_nothing_is_sent()
    {
        var home = await OpenAsync("q-01");
        await RegisterAsync(home, "t/e", Noon + Minute);
        Start(home);
        await _time.WhenArmedAsync(Minute);
        _mayAct = false;
        _time.Now += Minute;
        _time.GoOff();
        await _time.WhenArmedAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(_grains.Receiver.Ticks);
        _mayAct = true;
        _time.GoOff();
        await Worlds.Wait.UntilAsync("it ticked", () => Task.FromResult(_grains.Receiver.Ticks.SequenceEqual(["t/e r 12:01:00"])));
    }

    [Fact]
    public async Task The_next_home_finds_what_is_checkpointed_and_what_is_not_and_fires_no_tick_again()
    {
        var first = await OpenAsync("q-01");
        await RegisterAsync(first, "t/fired", Noon);
        await RegisterAsync(first, "z/other record", Noon, prefix: "");
        await Worlds.Wait.UntilAsync("there is a checkpoint", async () =>
        {
            await first.MaintainAsync(CancellationToken.None);
            return (await _store.ReadRecordsAsync(first.Id, null, 1000)).Length == 2;
        });
        var reminders = Start(first);
        await _time.WhenArmedAsync(Minute);
        await RegisterAsync(first, "t/new", Noon + TimeSpan.FromSeconds(30));
        await _time.WhenArmedAsync(TimeSpan.FromSeconds(30));
        await first.CloseAsync("another one takes its place");
        await reminders.Completion;

        // Two minutes later: what was fired goes on with the latest tick, what was never fired begins.
        _time.Now += 2 * Minute;
        reminders = Start(await OpenAsync("q-01"));
        await reminders.WhenLoaded;
        Assert.Equal(2, reminders.Count);
        await Worlds.Wait.UntilAsync("both ticked", () => Task.FromResult(_grains.Receiver.Ticks.Count() == 3));
        Assert.Equal(["t/fired r 12:00:00", "t/fired r 12:02:00", "t/new r 12:01:30"], _grains.Receiver.Ticks.Order(StringComparer.Ordinal));
    }

    /// <summary>The next reminder is due all the same, and the next home may be far away.</summary>
    [Fact]
    public async Task Reminders_fire_after_their_loop_has_failed()
    {
        var home = await OpenAsync("q-01");
        await RegisterAsync(home, "t/e", Noon + Minute);
        Start(home);
        await _time.WhenArmedAsync(Minute);
        _time.Failure = new InvalidOperationException("There is no clock.");
        _time.GoOff();
        await Worlds.Wait.UntilAsync("it has failed", () => Task.FromResult(_loops.GetFailing().Length == 1));

        _time.Failure = null;
        _time.Now += Minute;
        await Worlds.Wait.UntilAsync("it ticked", () =>
        {
            _time.GoOff();
            return Task.FromResult(_grains.Receiver.Ticks.SequenceEqual(["t/e r 12:01:00"]));
        });
        Assert.Empty(_loops.GetFailing());
    }

    /// <summary>The clock is five years ahead for one tick, and then right again: here, and at the next home, which never saw the wrong one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_was_wrong_for_one_tick_silences_no_reminder(bool isNextHome)
    {
        var home = await OpenAsync("q-01");
        await RegisterAsync(home, "t/e", Noon);
        var reminders = Start(home);
        await _time.WhenArmedAsync(Minute);
        _time.Now = Noon.AddYears(5);
        _time.GoOff();
        await Worlds.Wait.UntilAsync("the wrong tick is noted", async () =>
            ReminderCodec.Decode((await ReminderRecords.ReadAsync(home, "t/e")).Find("r"))?.Fired == Noon.AddYears(5));
        await _time.WhenArmedAsync(Minute);

        _time.Now = Noon + TimeSpan.FromSeconds(90);
        if (isNextHome)
        {
            await home.CloseAsync("another one takes its place");
            await reminders.Completion;
            Start(await OpenAsync("q-01"));
        }
        else
        {
            _time.GoOff();
        }

        await _time.WhenArmedAsync(TimeSpan.FromSeconds(30));
        _time.Now += TimeSpan.FromSeconds(30);
        _time.GoOff();
        await Worlds.Wait.UntilAsync("it ticked", () => Task.FromResult(_grains.Receiver.Ticks.Contains("t/e r 12:02:00")));
    }

    [Fact]
    public async Task An_entity_that_moves_to_another_shard_takes_its_reminders_with_it()
    {
        var from = await OpenAsync("q-01");
        await RegisterAsync(from, "t/e", Noon);
        var there = Start(from);
        await _time.WhenArmedAsync(Minute);
        var before = ReminderCodec.Decode((await ReminderRecords.ReadAsync(from, "t/e")).Find("r"))!;
        Assert.Equal(Noon, before.Fired);

        var to = await OpenAsync("q-02");
        var move = new MoveWire("t/e", 1, "q-01", "q-02");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(MoveVerdict.Done, await new HomeMoves(to, TimeSpan.Zero).ArriveAsync(move, after => new HomeMoves(from, TimeSpan.Zero).LeaveAsync(move, true, after)));
        }

        var here = Start(to);
        await here.WhenLoaded;
        Assert.Equal((0, 1), (there.Count, here.Count));
        Assert.Equal(before, ReminderCodec.Decode((await ReminderRecords.ReadAsync(to, "t/e")).Find("r")));
        Assert.Equal(["t/e r 12:00:00"], _grains.Receiver.Ticks);
    }

    private async Task<HomeShard> OpenAsync(string shard)
    {
        var limits = new GeoLimits { CheckpointEntries = 1 };
        var home = await HomeShard.OpenAsync(
            new ShardId(shard), new(West, 1), ShardFamily.Region, new([West]), [], _store, false, () => _mayAct, limits, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        _homes.Add(home!);
        return home!;
    }

    private static Task<StageResult> UnregisterAsync(HomeShard home, string entity) => ReminderRecords.ChangeAsync(
        home, entity, static reminders => [.. reminders.States.Select(static state => new StateChange(state.Name, null))]);

    private ShardReminders Start(HomeShard home)
    {
        var reminders = new ShardReminders(home, _grains.Grains, new GeoLimits(), _time, _loops, NullLogger.Instance, _stopping.Token);
        Assert.True(reminders.TryStart());
        return reminders;
    }

    private static async Task RegisterAsync(HomeShard home, string entity, DateTime start, string prefix = ReminderRecords.Prefix)
    {
        var bytes = ReminderCodec.Encode(new(start, Minute, RecordVersion.None, null));
        var live = await home.HoldAsync(prefix + entity);
        var staged = home.Stage(new(live, live.Current!.Version, RequestId.None, 0, [new("r", bytes)], default), out _);
        home.Release(live);
        Assert.Equal(StageVerdict.Staged, staged.Verdict);
        await home.WhenAcknowledgedAsync(staged.Position);
    }
}
