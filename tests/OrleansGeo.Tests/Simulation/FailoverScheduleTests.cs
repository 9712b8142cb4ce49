using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Shells;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Homes that should have stopped, by hand, in three whole regions: they hold with the rule, and a checker notices without it.</summary>
public sealed class FailoverScheduleTests
{
    [Fact]
    [Proves(SimFault.NoEpochCheckAtHome)]
    public void A_home_that_was_shown_a_higher_epoch_stops() => Proves(SimFault.NoEpochCheckAtHome, "Invariant 5", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        live.First.Store.Promise(0, new(live.Other.Id, live.Home.Token.Epoch + 1));
        live.Ask(isRead: false);
        live.KeepAsking(100);
    });

    [Fact]
    [Proves(SimFault.LeaseGenerationUnchecked)]
    public void A_home_serves_only_once_the_topology_names_its_lease() => Proves(SimFault.LeaseGenerationUnchecked, "without a lease that the topology names", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum);
        live.KeepAsking(200);
        live.Served();
    });

    /// <summary>The home stands still while its row is on the way to the disk, for longer than its lease.</summary>
    [Fact]
    [Proves(SimFault.LeaseCheckedOnlyBefore)]
    public void The_lease_is_checked_again_when_the_append_is_durable() => Proves(SimFault.LeaseCheckedOnlyBefore, "Invariant 2", fault =>
    {
        // Its own timer may be the first thing that it does afterwards: so with several seeds.
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var live = new LiveSchedule(fault, ShardFamily.Region, seed).Served();
            var home = live.Home;
            var before = home.Log.LastStaged;
            live.Ask(isRead: false);
            live.Until(() => home.Log.LastStaged > before);
            live.First.Stall(1_000_000);
            live.For(1_500);
        }
    });

    /// <summary>The home's machine is paused for longer than its lease, and its monotonic clock does not know. It goes on with what had reached it before.</summary>
    [Fact]
    [Proves(SimFault.PauseNotNoticed)]
    public void A_machine_that_was_paused_knows_that_its_lease_is_over() => Proves(SimFault.PauseNotNoticed, "Invariant 2", fault =>
    {
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var live = new LiveSchedule(fault, ShardFamily.Quorum, seed).Served();
            live.For(500);

            // Nothing that came meanwhile tells it, either.
            live.CutOff(bothWays: true);
            live.First.Pause(1_500_000);
            var end = live.World.Events.Now + 1_500_000;
            live.Promoted();
            while (live.World.Events.Now <= end)
            {
                live.For(1);
            }

            live.KeepAsking(100);
        }
    });

    /// <summary>The home is cut off. Its clock is slower than the others' by more than they allow for.</summary>
    [Fact]
    [Proves(SimFault.ClocksDriftBeyondMargin)]
    public void The_margin_bounds_the_drift_of_clocks() => Proves(SimFault.ClocksDriftBeyondMargin, "Invariant 2", fault =>
    {
        var found = 0;
        for (var seed = 1UL; found < 3; seed++)
        {
            var live = new LiveSchedule(fault, ShardFamily.Quorum, seed, driftMargin: 0.8);
            var slowest = live.World.Regions.Where(region => region != live.First).Min(static region => region.ClockRate) / live.First.ClockRate;
            if (fault != SimFault.None && slowest < 2.5)
            {
                continue;
            }

            found++;
            live.Served().For(500);
            live.CutOff(bothWays: true);
            live.KeepAsking(600);
        }
    });

    /// <summary>The token is out and the receiver begins, but nothing of that comes back.</summary>
    [Fact]
    [Proves(SimFault.ResumeAfterToken)]
    public void A_home_that_sent_the_token_never_goes_on() => Proves(SimFault.ResumeAfterToken, "Invariant 2", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        var epoch = live.Home.Token.Epoch;
        live.For(500);
        live.Reserve();
        live.Until(() => live.World.Regions.Any(region => region.Store[0].Head.Promised.Epoch > epoch));
        live.CutOff(bothWays: false);
        live.KeepAsking(300);
    });

    /// <summary>A home ends with a row on its way to the disk: it may not say that nothing happened.</summary>
    [Fact]
    [Proves(SimFault.FailureBeforeOutcome)]
    public void Nobody_is_told_that_an_appended_request_failed() => Proves(SimFault.FailureBeforeOutcome, "was told that it did not happen", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        var home = live.Home;
        var before = home.Log.LastStaged;
        SimAnswer? answered = null;
        var operation = live.Ask(isRead: false, reply => answered ??= reply.Answer);
        live.Until(() => home.Log.LastStaged > before);
        home.Close("by hand");
        Assert.NotNull(answered);
        operation.Outcome = answered == SimAnswer.Refused ? SimOutcome.DidNotHappen : SimOutcome.Unknown;
        live.For(200);
        live.World.Checks.Requests.Final(live.World.Checks.Logs.EverStored);
    });

    /// <summary>The home acknowledges alone, and is gone.</summary>
    [Fact]
    [Proves(SimFault.NotSuspected)]
    public void What_a_lost_home_acknowledged_alone_is_suspected() => Proves(SimFault.NotSuspected, "no region suspects", fault => AcknowledgeAlone(fault).Promoted());

    /// <summary>The region that takes over dies after each of its steps in turn, and its next run takes over.</summary>
    [Fact]
    public void A_promotion_that_is_tried_again_suspects_again()
    {
        for (var effects = 1; effects <= 12; effects++)
        {
            var live = AcknowledgeAlone(SimFault.None);
            live.Until(() => live.World.StateOf(0).Home.Region != live.First.Id);
            var next = live.World.Regions[live.World.IndexOf(live.World.StateOf(0).Home.Region)];
            next.Store.Queue.CrashAfterEffects = effects;
            live.Until(() => !next.IsUp || next.Shells[0] is HomeShell { WouldServe: true });
            if (!next.IsUp)
            {
                next.Start();
            }

            live.Promoted();
        }
    }

    private static LiveSchedule AcknowledgeAlone(SimFault fault)
    {
        var live = new LiveSchedule(fault, ShardFamily.Region).Served();
        live.For(500);
        live.CutOff(bothWays: true);
        live.Write();
        return live;
    }
}
