using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Sessions;
using OrleansGeo.Simulation.Stores;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;
using static OrleansGeo.Tests.Simulation.Schedule;

namespace OrleansGeo.Tests.Simulation;

/// <summary>What a session may be shown, and what may be said of its age, by hand: it holds with the rule, and a checker notices without it.</summary>
public sealed class SessionScheduleTests
{
    /// <summary>Region 2 has what the old home wrote and nobody else had. The session saw as much of the new home's log, and comes to region 2.</summary>
    [Fact]
    [Proves(SimFault.FloorOfHigherEpochSatisfied)]
    public void A_token_of_a_higher_epoch_is_not_satisfied_by_its_position() => Proves(SimFault.FloorOfHigherEpochSatisfied, "Invariant 7", static fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Region);
        foreach (var region in (int[])[0, 2])
        {
            schedule.Append(region, Token(0, 1), schedule.Row(1, 1), schedule.Row(1, 2), schedule.Row(1, 3));
        }

        schedule.Append(1, Token(0, 1), schedule.Row(1, 1));
        schedule.Append(1, Token(1, 2), schedule.Row(2, 2), schedule.Row(2, 3));
        var session = new SimSession(schedule.World);
        session.Saw(0, new(2, new(3)));
        schedule.World.Checks.Sessions.Saw(session, 0, "e0", new(2, new(3)));

        var head = schedule[2][0].Head;
        if (session.Judge(0, head.Epochs, head.Last) == FloorVerdict.Satisfied)
        {
            schedule.World.Checks.Sessions.Served(session, 2, 0, head.Last, "e0", new(LogRowCodec.Decode(schedule.Row(1, 3))[0].Changes));
        }
    });

    /// <summary>
    /// A session saw an entry that a forced promotion left behind. Region 2 is sent records that are newer than that, while its log still ends before it,
    /// in the epoch of that entry.
    /// </summary>
    [Fact]
    public void Copied_records_do_not_pass_for_what_is_lost()
    {
        var schedule = new Schedule(SimFault.None, ShardFamily.Region);
        var third = Token(1, 3);
        schedule.Append(1, Token(0, 2), schedule.Row(2, 1), schedule.Row(2, 2));
        schedule.Append(1, third, schedule.Row(3, 3), schedule.Row(3, 4), schedule.Row(3, 5));
        schedule.World.Checks.Logs.LogOf(1, 0).ForEach(static row => row.Holders = 0b111);
        schedule[1].Checkpoint(0, third, new(5), new() { ["e0"] = new([new("a", new(3, new(5)), new byte[] { 5 })]) });
        schedule[1].Trim(0, third, new(2));
        var home = schedule[1][0].Head;
        var copy = Guid.NewGuid();
        schedule.Begin(2, schedule.Page(third, copy, StartOf(home)));
        var finish = new CopyFinish(home.Trimmed, home.Checkpoint, home.Epochs);
        var copied = new ReplicaLog(StoreCopies.Finish(schedule.World, 2, 0, schedule.Page(third, copy, finish: finish), finish), []);
        Assert.Equal(new LogPosition(5), copied.Applied);

        var lost = new SimSession(schedule.World);
        lost.Saw(0, new(2, new(4)));
        Assert.Equal(FloorVerdict.NotYet, lost.Judge(0, copied.Head.Epochs, copied.Shown));
        schedule.Append(2, third, schedule.Row(3, 3), schedule.Row(3, 4), schedule.Row(3, 5));
        var (head, rows) = schedule[2].Read(0, aboveCheckpointOnly: true);
        var caughtUp = new ReplicaLog(head, rows);
        Assert.Equal(FloorVerdict.Lost, lost.Judge(0, caughtUp.Head.Epochs, caughtUp.Shown));
    }

    /// <summary>The answer to a probe is long on its way. Meanwhile the home acknowledges what this region is not shown.</summary>
    [Fact]
    [Proves(SimFault.StalenessCountedFromAnswer)]
    public void Staleness_counts_from_when_the_probe_was_sent() => Proves(SimFault.StalenessCountedFromAnswer, "Invariant 10", static fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        var region = schedule.World.Regions[2];
        Acknowledge(schedule, 1, 0, 1, 2);
        var asked = region.Now;
        For(schedule, 5);
        var answer = new RecordVersion(1, new(1));
        Acknowledge(schedule, 2, 0, 1);
        For(schedule, 5);

        var tracker = new FreshnessTracker();
        tracker.Answered(fault == SimFault.StalenessCountedFromAnswer ? region.Now : asked, answer);
        tracker.Shows(verifiedEpoch: 1, verified: new(1), applied: new(1));
        Assert.NotNull(tracker.FreshAt);
        schedule.World.Checks.Staleness.Claimed(region, 0, tracker.FreshAt, new(1));
    });

    /// <summary>The home of epoch 1 acknowledges an entry once these regions have it.</summary>
    private static void Acknowledge(Schedule schedule, long position, params int[] regions)
    {
        foreach (var region in regions)
        {
            schedule.Append(region, Token(0, 1), schedule.Row(1, position));
        }

        schedule.Acknowledge(0, Token(0, 1), position);
    }

    private static void For(Schedule schedule, int milliseconds)
    {
        schedule.World.Events.After(milliseconds * 1_000L, static () => { });
        schedule.World.Until(milliseconds + (schedule.World.Events.Now / 1_000));
    }
}
