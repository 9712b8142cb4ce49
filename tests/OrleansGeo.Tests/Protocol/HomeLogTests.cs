using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CsCheck;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class HomeLogTests
{
    private static readonly FencingToken Home = Token("r0", 1);

    private static HomeLog Open(ShardFamily family = ShardFamily.Quorum, int replicas = 2, Func<HomeLogConfig, HomeLogConfig>? change = null) =>
        new(change is null ? Config(Home, family, replicas) : change(Config(Home, family, replicas)), ShardHead.Empty, [], TimeSpan.Zero);

    private static LiveRecord Hold(HomeLog log, string entity = "e")
    {
        var live = log.Records.Hold(entity);
        ShardRecords.Loaded(live, EntityRecord.Empty);
        return live;
    }

    private static StageResult Stage(HomeLog log, LiveRecord live, string state = "a", ulong request = 0, int size = 1, RecordVersion? expected = null) =>
        log.Stage(new(live, expected ?? live.Current!.Version, new(0, request), 0, state.Length == 0 ? [] : [new(state, new byte[size])], new byte[] { (byte)request }));

    private static LogRow Append(HomeLog log, TimeSpan now = default)
    {
        var entries = log.Seal()!;
        var row = LogRowCodec.Encode(log.Config.Token.Epoch, entries);
        log.Appended(row, [.. entries], now);
        return row;
    }

    private static Shipment.Send Send(HomeLog log, int replica) => Assert.IsType<Shipment.Send>(log.NextShipment(replica));

    private static ReplyEffect Reply(HomeLog log, int replica, Shipment.Send send, AppendVerdict verdict = AppendVerdict.Stored, long? at = null, long epoch = 1, long? last = null)
    {
        var through = at ?? send.Message.Through.Value;
        return log.Replied(replica, send.Session, send.Message, new(verdict, At(through), through == 0 ? 0 : epoch, At(last ?? through), (last ?? through) == 0 ? 0 : epoch, Home));
    }

    /// <summary>Answers the first question of a session, so that rows are shipped.</summary>
    private static void Meet(HomeLog log, int replica, long last = 0) =>
        Reply(log, replica, Send(log, replica), log.Stored.Value <= last ? AppendVerdict.Stored : AppendVerdict.Gap, last);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void A_quorum_write_is_acknowledged_with_a_majority_and_not_before(int replicas, int needed)
    {
        var log = Open(ShardFamily.Quorum, replicas);
        for (var replica = 0; replica < replicas; replica++)
        {
            Meet(log, replica);
        }

        Assert.Equal(StageVerdict.Staged, Stage(log, Hold(log)).Verdict);
        Assert.Equal(At(0), log.Acknowledged);
        Append(log);
        for (var replica = 0; replica < needed; replica++)
        {
            Assert.Equal(At(0), log.Acknowledged);
            Reply(log, replica, Send(log, replica));
        }

        Assert.Equal((At(1), At(1)), (log.Stable, log.Acknowledged));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_region_write_is_acknowledged_when_stored_and_not_stable_before_a_majority(int replicas)
    {
        var log = Open(ShardFamily.Region, replicas);
        Stage(log, Hold(log));
        Assert.Equal(At(0), log.Acknowledged);
        Append(log);
        Assert.Equal((At(1), At(0)), (log.Acknowledged, log.Stable));
    }

    [Fact]
    public void What_an_earlier_epoch_left_counts_only_after_an_entry_of_this_one()
    {
        var rows = new[] { Row(1, 1), Row(1, 2) };
        var token = Token("r0", 2);
        var log = new HomeLog(Config(token, ShardFamily.Quorum, 2), Head(Token("r1", 1), [.. rows]), rows, TimeSpan.Zero);
        var probe = Send(log, 0);
        log.Replied(0, probe.Session, probe.Message, new(AppendVerdict.Stored, At(2), 1, At(2), 1, token));
        Assert.Equal((At(2), At(0)), (log.MatchOf(0), log.Stable));

        Assert.Equal(At(3), log.StageEpochStart());
        Append(log);
        var start = Send(log, 0);
        log.Replied(0, start.Session, start.Message, new(AppendVerdict.Stored, At(3), 2, At(3), 2, token));
        Assert.Equal((At(3), At(3)), (log.Stable, log.Acknowledged));
        Assert.Throws<InvalidOperationException>(() => log.StageEpochStart());
    }

    [Fact]
    public void In_one_row_only_the_last_value_of_a_state_is_kept()
    {
        var log = Open(replicas: 0);
        var live = Hold(log);
        Stage(log, live, "a", 1);
        Stage(log, live, "b", 2);
        Stage(log, live, "a", 3);
        Stage(log, live, "a", 4);
        Stage(log, Hold(log, "other"), "a", 5);
        var entries = LogRowCodec.Decode(Append(log));
        Assert.Equal([1, 1, 0, 1, 1], entries.Select(static entry => entry.Changes.Length));
        Assert.Equal([1UL, 2, 3, 4, 5], entries.Select(static entry => entry.Request.Low));
        Assert.Equal(["a", "b"], live.Current!.States.Select(static state => state.Name).Order());
        Assert.Equal(new(1, At(4)), live.Current.Version);
    }

    [Fact]
    public void A_repeated_id_is_answered_from_the_window_even_if_it_changed_nothing()
    {
        var log = Open(replicas: 0);
        var live = Hold(log);
        var first = Stage(log, live, "", 7);
        Assert.Equal((StageVerdict.Staged, At(1), RecordVersion.None), (first.Verdict, first.Position, first.Version));
        Stage(log, live, "a", 8);
        Assert.Equal(first with { Verdict = StageVerdict.Repeated }, Stage(log, live, "a", 7));
        Assert.Equal(StageVerdict.Staged, Stage(log, Hold(log, "other"), "a", 7).Verdict);
        Assert.Equal(StageVerdict.Staged, Stage(log, live).Verdict);
        Assert.Equal(StageVerdict.Staged, Stage(log, live).Verdict);

        var row = Append(log);
        var again = new HomeLog(Config(Home, ShardFamily.Quorum, 0), Head(Home, row), [row], TimeSpan.Zero);
        Assert.Equal(first with { Verdict = StageVerdict.Repeated }, Stage(again, Hold(again), "a", 7));
    }

    [Fact]
    public void Nothing_is_staged_while_the_shard_is_handed_over()
    {
        var log = Open(replicas: 0);
        log.BeginHandOver();
        Assert.Equal(StageVerdict.HandingOver, Stage(log, Hold(log)).Verdict);
        log.EndHandOver();
        Assert.Equal(StageVerdict.Staged, Stage(log, Hold(log)).Verdict);
    }

    [Fact]
    public void Only_the_newest_record_can_be_written()
    {
        var log = Open(replicas: 0);
        var live = Hold(log);
        Assert.Equal(StageVerdict.StaleRecord, log.Stage(new(log.Records.Hold("not loaded"), default, default, 0, [], default)).Verdict);
        Stage(log, live);
        Assert.Equal(StageVerdict.StaleRecord, Stage(log, live, expected: RecordVersion.None).Verdict);
        log.Records.Close();
        Assert.Equal(StageVerdict.StaleRecord, Stage(log, live).Verdict);
        Assert.Equal(At(1), log.LastStaged);
    }

    [Fact]
    public void Past_a_limit_nothing_happens_and_an_acknowledgement_makes_room()
    {
        var log = Open(replicas: 0, change: config => config with { StagedBytes = 100, BatchBytes = 100 });
        var live = Hold(log);
        Stage(log, live, size: 100);
        Assert.True(log.IsFull);
        Assert.Equal(StageVerdict.TooManyStaged, Stage(log, live).Verdict);
        Append(log);
        Assert.Equal(StageVerdict.Staged, Stage(log, live).Verdict);

        log = Open(replicas: 0, change: config => config with { DeduplicationEntries = 2 });
        live = Hold(log);
        Stage(log, live, request: 1);
        Stage(log, live, request: 2);
        Assert.Equal(StageVerdict.TooManyRequests, Stage(log, live, request: 3).Verdict);
        Assert.Equal(StageVerdict.Repeated, Stage(log, live, request: 2).Verdict);
    }

    [Fact]
    public void Squashed_bytes_are_given_back()
    {
        var log = Open(replicas: 0, change: config => config with { StagedBytes = 300 });
        var live = Hold(log);
        Stage(log, live, size: 200);
        Assert.Equal(StageVerdict.Staged, Stage(log, live, size: 200).Verdict);
        Assert.Equal(StageVerdict.TooManyStaged, Stage(log, live).Verdict);
        Append(log);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(StageVerdict.Staged, Stage(log, live, size: 100).Verdict);
            Append(log);
        }
    }

    [Fact]
    public void Old_ids_are_forgotten_by_an_entry_and_then_the_log_is_trimmed()
    {
        var log = Open(replicas: 0, change: config => config with { DeduplicationWindow = TimeSpan.FromMinutes(10) });
        var live = Hold(log);
        Stage(log, live, request: 1);
        Append(log, TimeSpan.FromMinutes(1));
        Stage(log, live, request: 2);
        Append(log, TimeSpan.FromMinutes(5));
        Assert.False(log.EvictOld(TimeSpan.FromMinutes(10.9)));
        Assert.Equal(At(0), log.TrimTarget);
        Assert.True(log.EvictOld(TimeSpan.FromMinutes(11)));
        Append(log, TimeSpan.FromMinutes(11));
        Assert.Equal(StageVerdict.Repeated, Stage(log, live, request: 2).Verdict);
        Assert.Equal(At(0), log.TrimTarget);

        Checkpoint(log);
        Assert.Equal(At(1), log.TrimTarget);
        Assert.True(log.EvictOld(TimeSpan.FromMinutes(30)));
        Append(log, TimeSpan.FromMinutes(30));
        Assert.False(log.EvictOld(TimeSpan.FromMinutes(90)), "An eviction alone is no reason for another.");
    }

    [Fact]
    public void Checkpoint_and_trim_never_pass_the_stable_position()
    {
        var log = Open(ShardFamily.Region, 2, config => config with { LogRetentionBytes = 1 });
        Meet(log, 0);
        var live = Hold(log);
        Stage(log, live);
        Append(log);
        Stage(log, live);
        Append(log);
        Assert.Equal(At(0), log.CheckpointTarget);
        var first = Send(log, 0);
        Reply(log, 0, first, at: 1);
        Assert.Equal(At(1), log.CheckpointTarget);
        Assert.Equal(new(1, At(1)), log.ChangesThrough(At(1))["e"].Version);
        Checkpoint(log);
        Assert.Equal(At(1), log.Head.Checkpoint);
        log.EvictOld(TimeSpan.FromDays(1));
        Assert.Equal(At(1), log.TrimTarget);
    }

    [Fact]
    public void Replicas_that_lag_hold_the_trim_back_until_the_log_is_too_large()
    {
        var log = Open(ShardFamily.Quorum, 2, config => config with { LogRetentionBytes = 150 });
        Meet(log, 0);
        Meet(log, 1);
        Stage(log, Hold(log));
        Append(log);
        Reply(log, 0, Send(log, 0));
        Checkpoint(log);
        log.EvictOld(TimeSpan.FromDays(1));
        Assert.Equal(At(0), log.TrimTarget);
        Append(log);
        Stage(log, Hold(log, "large"), size: 200);
        Append(log);
        Assert.Equal(At(1), log.TrimTarget);

        log.Trimmed(log.Head with { Trimmed = At(1) });
        log.Restart(1);
        Meet(log, 1);
        var copy = Assert.IsType<Shipment.Copy>(log.NextShipment(1));
        Assert.Null(log.NextShipment(1));
        Assert.Equal(At(1), log.TrimTarget);
        log.Copied(1, copy.Session);
        Assert.Equal(log.Stored, Send(log, 1).Message.Through);
    }

    /// <summary>A position and an epoch alone do not tell this log from one that this region's store forgot.</summary>
    [Fact]
    public void A_replica_is_asked_where_it_stands_with_the_last_row()
    {
        var log = Open(ShardFamily.Quorum, 2);
        Assert.Empty(Send(log, 0).Message.Rows);
        Stage(log, Hold(log));
        var row = Append(log);
        log.Restart(0);
        var asked = Send(log, 0);
        Assert.Equal((row, At(0), log.Stored), (Assert.Single(asked.Message.Rows), asked.Message.Previous, asked.Message.Through));
        Assert.Equal(ReplyEffect.StoreWentBack, Reply(log, 0, asked, AppendVerdict.Diverged));
        Assert.Equal(At(0), log.MatchOf(0));
    }

    [Fact]
    public void A_copying_replica_is_copied_again_and_counts_for_nothing()
    {
        var log = Open(ShardFamily.Quorum, 2);
        Stage(log, Hold(log));
        Append(log);
        Reply(log, 0, Send(log, 0), AppendVerdict.Copying, at: 9, epoch: 0, last: 9);
        Assert.Equal((At(0), At(0)), (log.MatchOf(0), log.Stable));
        Assert.IsType<Shipment.Copy>(log.NextShipment(0));
    }

    [Fact]
    public void No_more_than_the_window_is_under_way()
    {
        var log = Open(ShardFamily.Quorum, 1, config => config with { ReplicationWindowBytes = 150 });
        Meet(log, 0);
        var live = Hold(log);
        for (var i = 0; i < 20; i++)
        {
            Stage(log, live);
            Append(log);
        }

        var sent = new Queue<Shipment.Send>();
        while (log.NextShipment(0) is Shipment.Send send)
        {
            sent.Enqueue(send);
            Assert.InRange(sent.Sum(static one => one.Message.Rows.Sum(static row => row.Bytes.Length)), 1, 300);
        }

        for (var steps = 0; log.Acknowledged < At(20); steps++)
        {
            Assert.InRange(steps, 0, 100);
            Reply(log, 0, sent.Dequeue());
            while (log.NextShipment(0) is Shipment.Send send)
            {
                sent.Enqueue(send);
            }
        }
    }

    [Fact]
    public void A_late_reply_of_an_ended_session_moves_only_what_is_known_to_be_stored()
    {
        var log = Open(ShardFamily.Quorum, 1);
        Meet(log, 0);
        Stage(log, Hold(log));
        Append(log);
        var late = Send(log, 0);
        log.Restart(0);
        var probe = Send(log, 0);
        Reply(log, 0, late);
        Assert.Equal((At(1), At(1)), (log.MatchOf(0), log.Acknowledged));
        Assert.False(log.IsKnown(0));
        Assert.Null(log.NextShipment(0));
        Reply(log, 0, late, AppendVerdict.Gap, at: 0);
        Assert.False(log.IsKnown(0));
        Reply(log, 0, probe);
        Assert.True(log.IsKnown(0));
    }

    [Fact]
    public void After_a_conflict_the_home_goes_on_from_what_both_have()
    {
        var rows = new[] { Row(1, 1, 3), Row(1, 4, 5), Row(3, 6, 8) };
        var token = Token("r0", 3);
        var log = new HomeLog(Config(token, ShardFamily.Quorum, 2), Head(token, [.. rows]), rows, TimeSpan.Zero);
        var probe = Send(log, 0);
        log.Replied(0, probe.Session, probe.Message, new(AppendVerdict.Conflict, At(8), 1, At(9), 1, Token("r1", 1)));
        var send = Send(log, 0);
        Assert.Equal((At(5), 1), (send.Message.Previous, send.Message.PreviousEpoch));
        Assert.Equal(At(6), send.Message.Rows[0].First);
    }

    [Fact]
    public void Rows_that_left_memory_are_read_and_rows_not_yet_reported_are_not_shipped()
    {
        var log = Open(ShardFamily.Quorum, 2, config => config with { ReplicationWindowBytes = 1 });
        Meet(log, 0);
        Meet(log, 1);
        var live = Hold(log);
        Stage(log, live);
        var first = Append(log);
        Reply(log, 0, Send(log, 0));
        Checkpoint(log);
        var read = Assert.IsType<Shipment.Read>(log.NextShipment(1));
        Assert.Equal(At(1), read.From);
        Assert.Null(log.NextShipment(1));

        Stage(log, live);
        var unreported = LogRowCodec.Encode(1, log.Seal()!);
        var send = log.Offer(1, read.Session, [first, unreported]);
        Assert.Same(first, Assert.Single(send!.Message.Rows));
        Assert.Null(log.Offer(1, read.Session, [first]));
    }

    [Fact]
    public void Rows_that_are_gone_end_the_session()
    {
        var log = Open(ShardFamily.Quorum, 2, config => config with { ReplicationWindowBytes = 1 });
        Meet(log, 0);
        Meet(log, 1);
        Stage(log, Hold(log));
        Append(log);
        Reply(log, 0, Send(log, 0));
        Checkpoint(log);
        var read = Assert.IsType<Shipment.Read>(log.NextShipment(1));
        Assert.Null(log.Offer(1, read.Session, []));
        Assert.Empty(Send(log, 1).Message.Rows);
    }

    /// <summary>A trim that may have been done: were the rows read that it takes, they would be read in vain for ever; a copy goes on after them.</summary>
    [Fact]
    public void A_replica_that_lacks_what_may_be_gone_is_copied_to()
    {
        var log = Open(ShardFamily.Quorum, 2, config => config with { ReplicationWindowBytes = 1 });
        Meet(log, 0);
        Meet(log, 1);
        var live = Hold(log);
        foreach (var _ in new int[3])
        {
            Stage(log, live);
            Append(log);
            Reply(log, 0, Send(log, 0));
        }

        log.Trimming(At(2));
        log.Restart(1);
        Reply(log, 1, Send(log, 1), AppendVerdict.Gap, at: 2);
        Assert.Equal(At(2), Send(log, 1).Message.Previous);
        log.Restart(1);
        Reply(log, 1, Send(log, 1), AppendVerdict.Gap, at: 1);
        Assert.IsType<Shipment.Copy>(log.NextShipment(1));
        var copy = log.BeginCopy();
        Assert.Equal((At(2), At(2)), (copy.Start.Trimmed, copy.Finish.Trimmed));
    }

    [Fact]
    public void A_higher_promise_ends_the_home_and_a_replica_ahead_of_it_too()
    {
        var log = Open(ShardFamily.Quorum, 1);
        var probe = Send(log, 0);
        Assert.Equal(ReplyEffect.Fenced, log.Replied(0, probe.Session, probe.Message, new(AppendVerdict.Fenced, At(0), 0, At(0), 0, Token("r1", 2))));
        Assert.Equal(ReplyEffect.Fenced, log.Replied(0, probe.Session, probe.Message, new(AppendVerdict.Stored, At(0), 0, At(0), 0, Token("r1", 2))));
        Assert.Equal(ReplyEffect.StoreWentBack, log.Replied(0, probe.Session, probe.Message, new(AppendVerdict.Stored, At(0), 0, At(1), 1, Home)));
        Assert.Equal(ReplyEffect.None, Reply(log, 0, probe));
    }

    [Fact]
    public void A_replica_that_cannot_read_a_row_counts_for_what_it_read_and_is_sent_nothing_until_it_is_asked_again()
    {
        var log = Open(ShardFamily.Quorum, 1);
        Meet(log, 0);
        var live = Hold(log);
        Stage(log, live);
        Append(log);
        Stage(log, live);
        Append(log);
        var send = Send(log, 0);
        Assert.Equal(2, send.Message.Rows.Length);
        Assert.Equal(ReplyEffect.Refused, Refuse(send, at: 1));
        Assert.Equal((At(1), At(1), "of a newer version"), (log.MatchOf(0), log.Acknowledged, log.RefusalOf(0)));
        Assert.Null(log.NextShipment(0));
        Assert.False(log.IsKnown(0));

        // It may not have been upgraded when it is asked again.
        log.Restart(0);
        Reply(log, 0, Send(log, 0), AppendVerdict.Gap, at: 1);
        send = Send(log, 0);
        Assert.Equal(At(2), Assert.Single(send.Message.Rows).First);
        Assert.Equal("of a newer version", log.RefusalOf(0));
        Refuse(send, at: 1);
        log.BeginHandOver();
        Assert.False(log.IsDrainedInto(0));

        log.Restart(0);
        Reply(log, 0, Send(log, 0), AppendVerdict.Gap, at: 1);
        send = Send(log, 0);
        Assert.False(log.IsDrainedInto(0), "What it refused is on its way, and may be refused again.");
        Reply(log, 0, send);
        Assert.Equal((At(2), null, true), (log.Acknowledged, log.RefusalOf(0), log.IsDrainedInto(0)));

        ReplyEffect Refuse(Shipment.Send refused, long at) =>
            log.Replied(0, refused.Session, refused.Message, new(AppendVerdict.Unreadable, At(at), 1, At(at), 1, Home, "of a newer version"));
    }

    [Fact]
    public void A_log_that_cannot_be_read_opens_no_home()
    {
        LogRow[] rows = [Row(1, 1), Newer(Row(1, 2))];
        Assert.Throws<FormatException>(() => new HomeLog(Config(Home, ShardFamily.Quorum, 2), Head(Home, [.. rows]), rows, TimeSpan.Zero));
    }

    /// <summary>Ten minutes of rows are replayed for their answers alone.</summary>
    [Fact]
    public void An_open_log_keeps_answers_in_memory_not_rows()
    {
        const int Rows = 200;
        var head = AppendFence.Advance(ShardHead.Empty, Home, [.. Enumerable.Range(1, Rows).Select(static i => new LogRow(1, At(i), At(i), default))], 0) with { Checkpoint = At(Rows) };
        var (log, rows) = Opened(head);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal((Rows, 0), (log.Deduplication.Count, rows.Count(static row => row.IsAlive)));
        Assert.InRange(log.Deduplication.RememberedBytes, Rows * 16, Rows * (16 + 1024));
        Assert.True(log.Deduplication.TryFind("e7", new(1, 7), out var answer));
        Assert.Equal(Enumerable.Repeat((byte)7, 16), answer.Answer.ToArray());
        GC.KeepAlive(log);
    }

    // Not inlined, so that no row is alive for being a local variable.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (HomeLog Log, List<WeakReference> Rows) Opened(ShardHead head)
    {
        var alive = new List<WeakReference>();
        var opening = new HomeLogOpening(Config(Home, ShardFamily.Quorum, 2), head, TimeSpan.Zero);
        for (var i = 1; i <= head.Last.Value; i++)
        {
            opening.Add(Large(i, alive));
        }

        return (opening.Open(), alive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LogRow Large(int position, List<WeakReference> alive)
    {
        var bytes = LogRowCodec.Encode(1, [new()
        {
            Kind = EntryKind.Write,
            Position = At(position),
            Entity = $"e{position}",
            Request = new(1, (ulong)position),
            EntityVersion = new(1, At(position)),
            Changes = [new("a", new(1, At(position)), new byte[64 * 1024])],
            Answer = Enumerable.Repeat((byte)position, 16).ToArray(),
        }]).Bytes.ToArray();
        alive.Add(new(bytes));
        return new(1, At(position), At(position), bytes);
    }

    [Fact]
    public void Of_more_than_half_of_what_may_be_remembered_the_oldest_is_forgotten_early_but_nothing_that_may_be_repeated()
    {
        foreach (var limit in (Func<HomeLogConfig, HomeLogConfig>[])[static config => config with { DeduplicationEntries = 8 }, static config => config with { DeduplicationBytes = 8 * 1160 }])
        {
            var log = Open(replicas: 0, change: limit);
            var live = Hold(log);
            for (var i = 1; i <= 5; i++)
            {
                Remember(i, TimeSpan.FromMinutes(i));
            }

            // The first is old enough from the seventh minute on. One is enough.
            Assert.False(log.EvictOld(TimeSpan.FromMinutes(6.9)));
            Assert.True(log.EvictOld(TimeSpan.FromMinutes(7)));
            Append(log, TimeSpan.FromMinutes(7));
            Assert.Equal((4, At(1)), (log.Deduplication.Count, log.Deduplication.Evicted));
            Assert.False(log.EvictOld(TimeSpan.FromMinutes(8)));

            // More than that is remembered of requests that may still be repeated; up to the limit.
            for (var i = 6; i <= 9; i++)
            {
                Remember(i, TimeSpan.FromMinutes(7.5));
            }

            Assert.Equal(8, log.Deduplication.Count);
            Assert.Equal(StageVerdict.TooManyRequests, Request(10).Verdict);
            Assert.True(log.EvictOld(TimeSpan.FromMinutes(9)));
            Assert.Equal(At(3), log.Deduplication.Evicted);
            Assert.Equal(StageVerdict.Staged, Request(10).Verdict);

            void Remember(int request, TimeSpan now)
            {
                Assert.Equal(StageVerdict.Staged, Request(request).Verdict);
                Append(log, now);
            }

            StageResult Request(int request) => log.Stage(new(live, live.Current!.Version, new(0, (ulong)request), 0, [], new byte[1000]));
        }
    }

    /// <summary>It does not know how old what it finds is, and must not refuse for that what the home before took.</summary>
    [Fact]
    public void A_home_that_opens_with_half_of_what_may_be_remembered_takes_as_much_again()
    {
        LogRow[] rows = [.. Enumerable.Range(1, 4).Select(static i => LogRowCodec.Encode(1, [Write(1, i, request: (ulong)i)]))];
        var log = new HomeLog(Config(Home, ShardFamily.Quorum, 0) with { DeduplicationEntries = 8 }, Head(Home, [.. rows]), rows, TimeSpan.FromMinutes(1));
        var live = Hold(log);
        for (var i = 5UL; i <= 8; i++)
        {
            Assert.Equal(StageVerdict.Staged, Stage(log, live, request: i).Verdict);
            Append(log, TimeSpan.FromMinutes(6));
        }

        Assert.False(log.EvictOld(TimeSpan.FromMinutes(6.9)));
        Assert.True(log.EvictOld(TimeSpan.FromMinutes(7)));
        Assert.Equal((4, At(4)), (log.Deduplication.Count, log.Deduplication.Evicted));
    }

    /// <summary>What is forgotten early is an entry like any other: whoever opens the log remembers what the home before it did, no more and no less.</summary>
    [Fact]
    public void A_home_that_recovers_the_log_remembers_what_the_one_before_did() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 90], Gen.Int[0, 300]).Array[1, 80].Sample(static steps =>
        {
            var config = Config(Home, ShardFamily.Quorum, 0) with { DeduplicationEntries = 20, DeduplicationBytes = 20 * 400 };
            var log = new HomeLog(config, ShardHead.Empty, [], TimeSpan.Zero);
            var live = Hold(log);
            var (now, rows, request) = (TimeSpan.Zero, new List<LogRow>(), 0UL);
            foreach (var (kind, seconds, size) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                if (kind > 0)
                {
                    log.Stage(new(live, live.Current!.Version, new(0, ++request), 0, [], new byte[size]));
                }
                else
                {
                    log.EvictOld(now);
                }

                if (log.CanSeal)
                {
                    rows.Add(Append(log, now));
                }
            }

            var again = new HomeLog(config, Head(Home, [.. rows]), rows, now);
            Assert.Equal((log.Deduplication.Count, log.Deduplication.RememberedBytes, log.Deduplication.Evicted), (again.Deduplication.Count, again.Deduplication.RememberedBytes, again.Deduplication.Evicted));
            for (var id = 1UL; id <= request; id++)
            {
                Assert.Equal(log.Deduplication.TryFind("e", new(0, id), out var answer), again.Deduplication.TryFind("e", new(0, id), out var same));
                Assert.Equal((answer.Position, answer.Answer.Length), (same.Position, same.Answer.Length));
            }
        });

    [Fact]
    public void A_fenced_or_copying_store_is_no_home()
    {
        Assert.Throws<InvalidOperationException>(() => new HomeLog(Config(Home, ShardFamily.Quorum, 2), ShardHead.Empty with { Promised = Token("r1", 1) }, [], default));
        Assert.Throws<InvalidOperationException>(() => new HomeLog(Config(Home, ShardFamily.Quorum, 2), ShardHead.Empty with { Copying = true }, [], default));
    }

    [Fact]
    public void A_row_that_was_not_sealed_cannot_be_appended()
    {
        var log = Open();
        Assert.Null(log.Seal());
        Assert.Throws<InvalidOperationException>(() => log.Appended(Row(1, 1), [], default));
        Stage(log, Hold(log));
        log.Seal();
        Assert.Null(log.Seal());
        Assert.Throws<InvalidOperationException>(() => log.Appended(Row(2, 1), [], default));
        Assert.Throws<InvalidOperationException>(() => log.Appended(Row(1, 2), [], default));
    }

    private static void Checkpoint(HomeLog log)
    {
        var target = log.CheckpointTarget;
        log.Checkpointed(log.Head with { Checkpoint = target }, log.ChangesThrough(target).Keys.ToImmutableArray());
    }
}
