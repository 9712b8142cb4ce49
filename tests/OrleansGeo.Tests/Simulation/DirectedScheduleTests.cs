using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Stores;
using static OrleansGeo.Tests.Simulation.Schedule;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Schedules by hand: they hold with the fence, and a checker notices without it.</summary>
public sealed class DirectedScheduleTests
{
    /// <summary>Figure 8 of the Raft paper: an entry of an older epoch on a majority can still be lost.</summary>
    [Fact]
    [Proves(SimFault.StableWithoutOwnEpoch)]
    public void Stable_is_counted_only_once_an_entry_of_the_own_epoch_is() => Proves(SimFault.StableWithoutOwnEpoch, ShardFamily.Quorum, "Invariant 3", schedule =>
    {
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
        schedule.Append(1, Token(1, 2), schedule.Row(2, 1));

        var third = Token(0, 3);
        var (head, rows) = schedule[0].Read(0, aboveCheckpointOnly: false);
        var home = new HomeLog(new() { Token = third, Family = ShardFamily.Quorum, Regions = ThreeRegions, Quorums = new(3), Replicas = [new("r1"), new("r2")] }, head, rows, TimeSpan.Zero);
        schedule.Append(2, third, schedule.Row(1, 1));
        var probe = Assert.IsType<Shipment.Send>(home.NextShipment(1));
        home.Replied(1, probe.Session, probe.Message, new(AppendVerdict.Stored, new(1), 1, new(1), 1, third));
        Assert.Equal(new LogPosition(1), home.MatchOf(1));

        if (home.Stable >= new LogPosition(1) || schedule.Fault == SimFault.StableWithoutOwnEpoch)
        {
            schedule.Acknowledge(0, third, 1);
        }

        schedule.World.Checks.Acknowledgements.HomeOpened(1, 0, Token(1, 4));
    });

    [Fact]
    [Proves(SimFault.ApplyUnverified)]
    public void A_commit_position_is_applied_only_as_far_as_it_is_verified() => Proves(SimFault.ApplyUnverified, ShardFamily.Quorum, "which is not stable", schedule =>
    {
        // Region 2 has the lost suffix of epoch 1; the home of epoch 2 commits position 2 and verifies only position 1.
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1), schedule.Row(1, 2));
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1));
        schedule.World.Regions[2].Store.Append(0, isHome: false, Token(0, 1), new(1), 1, [schedule.Row(1, 2)]);
        schedule.World.Checks.Logs.LogOf(0, 0)[1].Holders = 1 << 2;

        var (head, rows) = schedule[2].Read(0, aboveCheckpointOnly: true);
        var log = new ReplicaLog(head with { Promised = Token(1, 2) }, rows);
        var live = log.Records.Hold("e0");
        ShardRecords.Loaded(live, EntityRecord.Empty);
        var step = Assert.IsType<ReplicaStep.Store>(log.Receive(new(Token(1, 2), LogPosition.Zero, 0, [schedule.Row(1, 1)], new(2), new(2), LogPosition.Zero)));
        log.Stored(step, AppendVerdict.Stored, log.Head);
        Assert.Equal(new LogPosition(1), log.Applied);
        if (schedule.Fault == SimFault.ApplyUnverified)
        {
            log.Records.Apply(LogRowCodec.Decode(schedule.Row(1, 2))[0]);
        }

        schedule.World.Checks.Logs.LogOf(2, 0)[0].Holders = 0b111;
        schedule.World.Checks.Visible.SeenAtReplica(2, 0, log, live);
    });

    [Fact]
    [Proves(SimFault.CopyDiscardsForeignRows)]
    public void A_copy_keeps_foreign_rows_in_the_ledger() => Proves(SimFault.CopyDiscardsForeignRows, ShardFamily.Region, "Invariant 4", schedule =>
    {
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
        schedule.Acknowledge(0, Token(0, 1), 1);
        var second = Token(1, 2);
        var home = HomeOf(schedule, second);
        schedule.Begin(0, schedule.Page(second, Guid.NewGuid(), StartOf(home)));
        schedule.World.Checks.Acknowledgements.Check(1, 0, second);
    });

    [Fact]
    [Proves(SimFault.UnguardedCopy)]
    public void A_delayed_first_page_discards_nothing() => Proves(SimFault.UnguardedCopy, ShardFamily.Quorum, "Invariant 3", schedule =>
    {
        var second = Token(1, 2);
        var home = HomeOf(schedule, second);
        schedule.Append(2, second, schedule.Row(2, 1), schedule.Row(2, 2), schedule.Row(2, 3));
        schedule.Acknowledge(1, second, 3);
        schedule.Begin(2, schedule.Page(second, Guid.NewGuid(), StartOf(home)));
        schedule.World.Checks.Acknowledgements.Check(2, 0, Token(2, 3));
    });

    [Fact]
    [Proves(SimFault.CopyNotNamed)]
    public void The_end_of_another_copy_ends_nothing() => Proves(SimFault.CopyNotNamed, ShardFamily.Quorum, "Invariant 9", schedule =>
    {
        var second = Token(1, 2);
        var home = HomeOf(schedule, second);
        var (first, again) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        schedule.Append(2, second, schedule.Row(2, 1));
        schedule.Begin(2, schedule.Page(second, first, StartOf(home)));
        schedule.Begin(2, schedule.Page(second, again, StartOf(home)));
        var head = StoreCopies.Finish(schedule.World, 2, 0, schedule.Page(second, first), new(home.Trimmed, home.Checkpoint, home.Epochs));
        if (!head.Copying)
        {
            schedule.World.Checks.Visible.IsComplete(2, 0, "e0", schedule[2].ReadRecord(0, "e0"), head.Checkpoint);
        }
    });

    [Fact]
    [Proves(SimFault.CutUnconditionally)]
    public void A_cut_that_came_too_late_cuts_nothing() => Proves(SimFault.CutUnconditionally, ShardFamily.Quorum, "Invariant 3", schedule =>
    {
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1), schedule.Row(1, 2));
        var second = Token(1, 2);
        schedule.Append(1, second, schedule.Row(1, 1), schedule.Row(2, 2));

        // One activation cut and appended; another one, which had seen the conflict as well, cuts now.
        schedule[2].Cut(0, second, new(1), foreignEpoch: 1);
        schedule.Append(2, second, schedule.Row(2, 2));
        schedule.Acknowledge(1, second, 2);
        schedule[2].Cut(0, second, new(1), foreignEpoch: 1);
        schedule.World.Checks.Acknowledgements.Check(2, 0, Token(2, 3));
    });

    [Fact]
    [Proves(SimFault.OlderRecordWins)]
    public void A_checkpoint_never_replaces_a_newer_state() => Proves(SimFault.OlderRecordWins, ShardFamily.Region, "went back", schedule =>
    {
        // A copy brought the state of position 3; the checkpoint at 2 is written from the log.
        var token = Token(1, 2);
        schedule.Append(2, token, schedule.Row(2, 1), schedule.Row(2, 2), schedule.Row(2, 3));
        var stored = schedule[2][0];
        stored.Put("e0", new([new("a", new(2, new(3)), new byte[] { 3 })]));
        schedule.World.Checks.Logs.LogOf(2, 0).ForEach(static row => row.Holders = 0b111);
        var log = new ReplicaLog(stored.Head, []);
        See(schedule, log);
        schedule[2].Checkpoint(0, token, new(2), new() { ["e0"] = new([new("a", new(2, new(2)), new byte[] { 2 })]) });
        See(schedule, log);
    });

    [Fact]
    [Proves(SimFault.NoEpochCheckAtHomeStore)]
    public void The_store_of_a_home_refuses_what_is_below_its_promise() => Proves(SimFault.NoEpochCheckAtHomeStore, ShardFamily.Quorum, "Invariant 5", static schedule =>
        AppendLate(schedule, Token(1, 2), Token(0, 1), isHome: true));

    [Fact]
    [Proves(SimFault.NoEpochCheckAtReplica)]
    public void The_store_of_a_replica_refuses_what_is_below_its_promise() => Proves(SimFault.NoEpochCheckAtReplica, ShardFamily.Quorum, "Invariant 5", static schedule =>
        AppendLate(schedule, Token(1, 2), Token(0, 1), isHome: false));

    [Fact]
    [Proves(SimFault.NoEqualEpochFence)]
    public void A_store_refuses_the_promised_epoch_of_another_region() => Proves(SimFault.NoEqualEpochFence, ShardFamily.Quorum, "Invariant 5", static schedule =>
        AppendLate(schedule, Token(1, 2), Token(0, 2), isHome: false));

    [Fact]
    [Proves(SimFault.ShortAppendCuts)]
    public void A_delayed_short_append_cuts_nothing() => Proves(SimFault.ShortAppendCuts, ShardFamily.Quorum, "Invariant 3", schedule =>
    {
        var token = Token(1, 2);
        schedule.Append(1, token, schedule.Row(2, 1), schedule.Row(2, 2));
        schedule.Append(2, token, schedule.Row(2, 1), schedule.Row(2, 2));
        schedule.Acknowledge(1, token, 2);
        schedule[2].Append(0, isHome: false, token, LogPosition.Zero, 0, [schedule.Row(2, 1)]);
        schedule.World.Checks.Acknowledgements.Check(2, 0, Token(2, 3));
    });

    /// <summary>The old home is back, cuts an acknowledged write that nobody else has, crashes right after that, and goes on as a replica.</summary>
    [Fact]
    [Proves(SimFault.LedgerAfterCut)]
    public void A_cut_and_its_ledger_entries_are_one_step() => ProvesAttribute.Proves(SimFault.LedgerAfterCut, "Invariant 4", static fault =>
    {
        // What was on its way to the disk may survive a crash: so with several seeds.
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var schedule = new Schedule(fault, ShardFamily.Region, seed: seed);
            schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
            schedule.Acknowledge(0, Token(0, 1), 1);
            schedule.Append(1, Token(1, 2), schedule.Row(2, 1));
            schedule[0].Cut(0, Token(1, 2), LogPosition.Zero, foreignEpoch: 1);
            schedule[0].Crash();
            schedule.Append(0, Token(1, 2), schedule.Row(2, 1));
            schedule.World.Checks.Acknowledgements.Check(1, 0, Token(1, 2));
        }
    });

    private static void AppendLate(Schedule schedule, FencingToken promised, FencingToken late, bool isHome)
    {
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1));
        schedule[2].Promise(0, promised);
        Assert.Equal(AppendVerdict.Fenced, schedule[2].Append(0, isHome, late, new(1), 1, [schedule.Row(late.Epoch, 2)]).Verdict);
    }

    private static void See(Schedule schedule, ReplicaLog log)
    {
        var live = log.Records.Hold("e0");
        ShardRecords.Loaded(live, schedule[2].ReadRecord(0, "e0"));
        schedule.World.Checks.Visible.SeenAtReplica(2, 0, log, live);
        log.Records.Release(live, LogPosition.Zero);
    }

    /// <summary>Region 1 becomes home of epoch 2 with three rows, of which two are trimmed.</summary>
    private static ShardHead HomeOf(Schedule schedule, FencingToken token)
    {
        schedule.Append(1, token, schedule.Row(2, 1), schedule.Row(2, 2), schedule.Row(2, 3));
        schedule.World.Checks.Logs.LogOf(1, 0).ForEach(static row => row.Holders = 0b111);
        schedule[1].Checkpoint(0, token, new(2), new() { ["e0"] = new([new("a", new(2, new(2)), new byte[] { 2 })]) });
        schedule[1].Trim(0, token, new(2));
        return schedule[1][0].Head;
    }

    private static void Proves(SimFault fault, ShardFamily family, string expected, Action<Schedule> run)
    {
        run(new(SimFault.None, family));
        var violation = Assert.Throws<SimViolation>(() => run(new(fault, family)));
        Assert.Contains(expected, violation.Message, StringComparison.Ordinal);
    }
}
