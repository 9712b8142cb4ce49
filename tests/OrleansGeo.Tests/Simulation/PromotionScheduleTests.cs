using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Stores;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;
using static OrleansGeo.Tests.Simulation.Schedule;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Forced promotions by hand, on stores alone: what a new home's log must have, and what it must remember.</summary>
public sealed class PromotionScheduleTests
{
    [Fact]
    [Proves(SimFault.PromiseNotDurable)]
    public void A_promise_outlives_a_crash() => Proves(SimFault.PromiseNotDurable, "Invariant 5", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1));
        schedule[2].Promise(0, Token(1, 2));
        schedule[2].Crash();
        var late = schedule[2].Append(0, isHome: false, Token(0, 1), new(1), 1, [schedule.Row(1, 2)]);
        Assert.Equal(AppendVerdict.Fenced, late.Verdict);
    });

    /// <summary>Region 0 acknowledged with region 2; region 1 is promoted before anybody but itself promised.</summary>
    [Fact]
    [Proves(SimFault.PromiseMajorityOffByOne)]
    public void A_promotion_needs_a_majority_of_promises() => Proves(SimFault.PromiseMajorityOffByOne, "Invariant 3", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1));
        schedule.Acknowledge(0, Token(0, 1), 1);

        var next = Token(1, 2);
        var recovery = new ShardRecovery(next, fault == SimFault.PromiseMajorityOffByOne ? new(1) : schedule.World.Map.Regions.Quorums);
        recovery.Promised(next.Region, schedule[1].Promise(0, next));
        if (recovery.Next() is RecoveryStep.Open)
        {
            schedule.World.Checks.Acknowledgements.HomeOpened(1, 0, next);
        }

        Recover(schedule, next, 2, schedule[2].Promise(0, next));
    });

    /// <summary>Region 0 has a row that nobody else has, and the two others promote.</summary>
    [Fact]
    [Proves(SimFault.HomeMajorityOffByOne)]
    public void A_home_acknowledges_what_a_majority_has() => Proves(SimFault.HomeMajorityOffByOne, "Invariant 3", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
        var (head, rows) = schedule[0].Read(0, aboveCheckpointOnly: false);
        var home = new HomeLog(
            new() { Token = Token(0, 1), Family = ShardFamily.Quorum, Regions = ThreeRegions, Quorums = new(fault == SimFault.HomeMajorityOffByOne ? 1 : 3), Replicas = [new("r1"), new("r2")] }, head, rows, TimeSpan.Zero);
        if (home.Acknowledged >= new LogPosition(1))
        {
            schedule.Acknowledge(0, Token(0, 1), 1);
        }

        Recover(schedule, Token(1, 2), 2, schedule[2].Promise(0, Token(1, 2)));
    });

    /// <summary>Region 2 is being sent records; what it answers to an append makes nothing stable.</summary>
    [Fact]
    [Proves(SimFault.CopyingReplicaCounts)]
    public void A_replica_that_is_being_copied_counts_for_nothing() => Proves(SimFault.CopyingReplicaCounts, "Invariant 3", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        var second = Token(1, 2);
        schedule.Append(0, second, schedule.Row(2, 1), schedule.Row(2, 2));
        schedule.Append(1, second, schedule.Row(2, 1), schedule.Row(2, 2), schedule.Row(2, 3));
        schedule[1].Checkpoint(0, second, new(2), new() { ["e0"] = new([new("a", new(2, new(2)), new byte[] { 2 })]) });
        schedule[1].Trim(0, second, new(2));
        var (head, rows) = schedule[1].Read(0, aboveCheckpointOnly: false);
        var home = new HomeLog(new() { Token = second, Family = ShardFamily.Quorum, Regions = ThreeRegions, Quorums = new(3), Replicas = [new("r0"), new("r2")] }, head, rows, TimeSpan.Zero);
        var copying = schedule.Begin(2, schedule.Page(second, Guid.NewGuid(), StartOf(head)));
        Assert.True(copying.Copying);

        var sent = Assert.IsType<Shipment.Send>(home.NextShipment(1));
        var reply = Assert.IsType<ReplicaStep.Answer>(new ReplicaLog(copying, []).Receive(sent.Message)).Reply;
        home.Replied(1, sent.Session, sent.Message, fault == SimFault.CopyingReplicaCounts ? reply with { Verdict = AppendVerdict.Stored, At = sent.Message.Through } : reply);
        if (home.Acknowledged >= new LogPosition(3))
        {
            schedule.Acknowledge(1, second, 3);
        }

        schedule.World.Checks.Acknowledgements.Check(0, 0, Token(0, 3));
    });

    /// <summary>Region 2 stores a row for the old home and acknowledges it: after its tail was read, before it promised.</summary>
    [Fact]
    [Proves(SimFault.PromiseInTwoSteps)]
    public void A_promise_and_the_tail_are_one_step() => Proves(SimFault.PromiseInTwoSteps, "Invariant 3", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        var next = Token(1, 2);
        var read = schedule[2][0].Head;
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1));
        schedule.Append(2, Token(0, 1), schedule.Row(1, 1));
        schedule.Acknowledge(0, Token(0, 1), 1);
        var promised = schedule[2].Promise(0, next);
        Recover(schedule, next, 2, fault == SimFault.PromiseInTwoSteps ? read with { Promised = next } : promised);
    });

    /// <summary>Region 0 returns with a long suffix of epoch 1 that nobody else has; the two others acknowledged one row of epoch 2.</summary>
    [Fact]
    [Proves(SimFault.LongestByPositionOnly)]
    public void The_longest_log_is_the_one_of_the_latest_epoch() => Proves(SimFault.LongestByPositionOnly, "Invariant 3", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        schedule.Append(0, Token(0, 1), schedule.Row(1, 1), schedule.Row(1, 2), schedule.Row(1, 3));
        schedule.Append(1, Token(1, 2), schedule.Row(2, 1));
        schedule.Append(2, Token(1, 2), schedule.Row(2, 1));
        schedule.Acknowledge(1, Token(1, 2), 1);

        var next = Token(0, 3);
        var other = schedule[2].Promise(0, next);
        if (fault == SimFault.LongestByPositionOnly)
        {
            // As if every log were of one epoch: only positions are left to compare.
            other = other with { Epochs = new([new(1, new(1))]) };
        }

        Recover(schedule, next, 2, other);
    });

    /// <summary>A replica that was sent records is promoted, and a request whose answer was lost is repeated there.</summary>
    [Fact]
    [Proves(SimFault.NoDeduplicationAfterCopy)]
    public void A_copy_brings_the_requests_that_are_remembered() => Proves(SimFault.NoDeduplicationAfterCopy, "Invariant 8", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        var second = Token(1, 2);
        var rows = new[] { schedule.Row(2, 1, "a"), schedule.Row(2, 2, "b"), schedule.Row(2, 3, "c") };
        schedule.Append(1, second, [.. rows]);
        schedule.World.Checks.Logs.LogOf(1, 0).ForEach(static row => row.Holders = 0b111);
        var record = new EntityRecord([.. rows.Select(static row => LogRowCodec.Decode(row)[0].Changes[0])]);
        schedule[1].Checkpoint(0, second, new(3), new() { ["e0"] = record });
        schedule[1].Trim(0, second, new(1));

        // What is remembered is in the rows that the home keeps: the copy must end where they begin.
        var home = schedule[1][0].Head;
        var copy = Guid.NewGuid();
        schedule.Begin(2, schedule.Page(second, copy, StartOf(home)));
        StoreCopies.Add(schedule.World, 2, 0, new(second, copy, 1, ["e0"], [record], null, null));
        var finish = new CopyFinish(fault == SimFault.NoDeduplicationAfterCopy ? home.Last : home.Trimmed, home.Checkpoint, home.Epochs);
        var head = StoreCopies.Finish(schedule.World, 2, 0, schedule.Page(second, copy, finish: finish), finish);
        schedule.Append(2, second, [.. rows.Where(row => row.First > head.Last)]);

        Repeat(schedule, Token(2, 3), LogRowCodec.Decode(rows[2])[0]);
    });

    /// <summary>Region 2 is home under <paramref name="token"/> and is asked what an earlier home did already.</summary>
    private static void Repeat(Schedule schedule, FencingToken token, LogEntry first)
    {
        schedule[2].Promise(0, token);
        var (head, retained) = schedule[2].Read(0, aboveCheckpointOnly: false);
        var home = new HomeLog(new() { Token = token, Family = ShardFamily.Quorum, Regions = ThreeRegions, Quorums = new(3), Replicas = [new("r0"), new("r1")] }, head, retained, TimeSpan.Zero);
        var live = home.Records.Hold("e0");
        ShardRecords.Loaded(live, schedule[2].ReadRecord(0, "e0"));
        if (home.Stage(new(live, live.Current!.Version, first.Request, first.Fingerprint, [new("a", new byte[] { 1 })], first.Answer)).Verdict == StageVerdict.Staged)
        {
            schedule[2].Append(0, isHome: true, token, head.Last, head.LastEpoch, [LogRowCodec.Encode(token.Epoch, home.Seal()!)]);
        }

        schedule.World.Checks.Acknowledgements.HomeOpened(2, 0, token);
    }

    /// <summary>Promotes <paramref name="token"/>'s region with one promise beside its own.</summary>
    private static void Recover(Schedule schedule, FencingToken token, int other, ShardHead head)
    {
        var self = schedule.World.IndexOf(token.Region);
        var recovery = new ShardRecovery(token, schedule.World.Map.Regions.Quorums);
        recovery.Promised(token.Region, schedule[self].Promise(0, token));
        recovery.Promised(schedule.World.Map.Regions[other], head);
        RecoveryStep step;
        while ((step = recovery.Next()) is not RecoveryStep.Open)
        {
            var own = schedule[self][0].Head;
            switch (step)
            {
                case RecoveryStep.Cut cut:
                    schedule[self].Cut(0, token, cut.KeepThrough, cut.ForeignEpoch);
                    break;
                case RecoveryStep.Fetch fetch:
                    var from = schedule.World.IndexOf(fetch.Source);
                    schedule[self].Append(0, isHome: true, token, own.Last, own.LastEpoch, schedule[from].ReadLog(0, fetch.From, int.MaxValue));
                    break;
                default:
                    Assert.Fail($"The recovery said {step}.");
                    break;
            }

            recovery.Promised(token.Region, schedule[self][0].Head);
        }

        schedule.World.Checks.Acknowledgements.HomeOpened(self, 0, token);
    }
}
