using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Shells;
using static OrleansGeo.Tests.Simulation.LiveSchedule;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Regions that start on a disk that went back, or may have, by hand: they hold with the rule, and a checker notices without it.</summary>
public sealed class StartScheduleTests
{
    /// <summary>The home's disk goes back to before what it acknowledged, and its process starts.</summary>
    [Fact]
    [Proves(SimFault.StartProvesStore)]
    public void A_home_whose_disk_went_back_serves_with_all_that_was_acknowledged() => Proves(SimFault.StartProvesStore, "Invariant 3", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, disksReplaced: true).Served();
        live.Write();
        live.For(300);
        live.World.Disks.Keep(live.First.Index);
        live.Write();
        GoBack(live.First, live, isEmpty: false);
        live.First.Start();
        live.Served();
        live.World.Rest();
    });

    /// <summary>Three of five regions have what is acknowledged. One is gone, one forgets it, and the third is gone before the next home has heard of its log.</summary>
    [Fact]
    [Proves(SimFault.UnprovenStoreVotes)]
    public void A_region_that_may_have_forgotten_does_not_make_another_one_home() => Proves(SimFault.UnprovenStoreVotes, "Invariant 3", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, regions: 5, disksReplaced: true).Served();
        live.For(300);
        var next = live.World.Regions[live.World.IndexOf(live.World.Map.Prefer(live.World.MapIndexOf(0), region => region != live.First.Id)!.Value)];
        var others = live.World.Regions.Where(region => region != live.First && region != next).ToList();
        var (lagging, forgetting, whole) = (others[0], others[1], others[2]);
        live.CutBetween(live.First, next);
        live.CutBetween(live.First, lagging);
        live.Write();
        live.First.Crash();
        GoBack(forgetting, live, isEmpty: true);
        forgetting.Start();
        live.World.Network.Heal();
        live.Until(() => live.World.StateOf(0).Home.Region == next.Id);
        whole.Crash();
        live.For(2_000);
        Assert.DoesNotContain(live.World.Regions, Serves);

        whole.Start();
        live.First.Start();
        live.World.Rest();
    });

    /// <summary>Two of three regions decide something, and one of them forgets it; the third, which was cut off, asks that one.</summary>
    [Fact]
    [Proves(SimFault.UnprovenAcceptorVotes)]
    public void An_acceptor_that_may_have_forgotten_is_no_vote() => Proves(SimFault.UnprovenAcceptorVotes, "knows another topology", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, disksReplaced: true).Served();
        live.For(300);
        var (forgetting, kept, late) = (live.World.Regions[0], live.World.Regions[1], live.World.Regions[2]);
        live.World.Disks.Keep(forgetting.Index);
        live.CutBetween(late, forgetting);
        live.CutBetween(late, kept);
        Decide(live, kept, RegionMode.Drained);
        GoBack(forgetting, live, isEmpty: false);
        live.World.Network.Heal();
        live.CutBetween(kept, forgetting);
        live.CutBetween(kept, late);
        forgetting.Start();
        late.Control!.Ask(topology => TopologyChanges.SetMode(topology, late.Id, RegionMode.Restoring), null);
        live.For(2_000);
        live.World.Network.Heal();
        live.World.Rest();
    });

    /// <summary>A row that the home forgets is on its way to a region that stands still. The others do not have it, so the home's next row takes its place.</summary>
    [Fact]
    [Proves(SimFault.OldEpochAfterStart)]
    public void A_home_that_may_have_forgotten_writes_under_an_epoch_of_its_new_run() => Proves(SimFault.OldEpochAfterStart, "Invariant 1", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, regions: 5, disksReplaced: true).Served();
        live.Write();
        live.For(300);
        var last = live.First.Store[0].Head.Last;
        live.World.Disks.Keep(live.First.Index);
        live.Next.Stall(2_000_000);
        foreach (var other in live.World.Regions.Where(other => other != live.First && other != live.Next))
        {
            live.World.Network.SetCut(live.First.Index, other.Index, cut: true);
        }

        live.Ask(isRead: false);
        live.Until(() => live.First.Store[0].Head.Last > last);
        live.For(20);
        GoBack(live.First, live, isEmpty: false);
        live.World.Network.Heal();
        live.First.Start();
        live.Served();
        live.Write();
        live.For(2_000);
        live.World.Rest();
    });

    /// <summary>The token of a hand-over is late, and the home's disk goes back to before it promised the shard away.</summary>
    [Fact]
    [Proves(SimFault.UnprovenSourceServes)]
    public void A_home_that_may_have_forgotten_that_it_handed_the_shard_over_does_not_go_on() => Proves(SimFault.UnprovenSourceServes, "Invariant 2", static fault =>
    {
        var live = HandedOver(fault, out var token);
        var end = live.World.Events.Now + 500_000;
        live.Until(() => Serves(live.First) || live.World.Events.Now > end);
        Assert.Equal(fault != SimFault.None, Serves(live.First));

        live.World.Network.SetCut(live.Other.Index, live.First.Index, cut: true);
        live.Other.TakeOver(0, token, static _ => { });
        live.KeepAsking(300);
        Assert.True(Serves(live.Other));
        live.World.Rest();
    });

    /// <summary>The same, and the token is lost for good.</summary>
    [Fact]
    public void A_shard_whose_home_forgot_that_it_handed_it_over_serves_again_once_the_receiver_refused()
    {
        var live = HandedOver(SimFault.None, out var token);
        live.Until(() => live.World.Regions.Any(Serves));
        Assert.True(live.World.StateOf(0).Home.Epoch > token.Token.Epoch);
        live.World.Rest();
    }

    /// <summary>The home takes its reservation back just when the receiver's store promises never to begin it.</summary>
    [Fact]
    public void A_region_whose_refusal_came_too_late_follows_the_home_again()
    {
        var live = new LiveSchedule(SimFault.None, ShardFamily.Quorum).Served();
        live.Write();
        live.For(500);
        var (index, home) = (live.World.MapIndexOf(0), live.World.StateOf(0).Home);
        live.Other.Control!.Ask(
            topology => TopologyChanges.Reserve(topology, home.Region, new Dictionary<int, RegionId> { [index] = live.Other.Id }) is { } reserved
                ? TopologyChanges.Withdraw(reserved, index, home, reserved[index].ReservedToken!.Value)
                : null,
            null);
        live.Until(() => live.Other.StateOf(0).Allotted > home.Epoch && live.First.StateOf(0).Allotted > home.Epoch);
        live.Other.Store.Promise(0, new(home.Region, live.World.StateOf(0).Allotted));
        live.Other.Review();
        live.Ask(isRead: false);
        live.For(200);
        live.World.Rest();
    }

    [Fact]
    public void A_home_whose_shard_is_damaged_leaves_it_to_another_region_while_its_lease_lives()
    {
        var live = new LiveSchedule(SimFault.None, ShardFamily.Quorum, disksReplaced: true).Served();
        live.Write();
        live.For(300);
        live.First.Crash();
        live.First.Store[0].IsDamaged = true;
        live.First.Start();
        live.Until(() => live.First.HasLease);
        var generation = live.First.Generation;
        live.Until(() =>
        {
            Assert.Equal(generation, live.First.Generation);
            return live.World.Regions.Any(Serves);
        });
        Assert.True(Serves(live.Next));

        // An operator replaces the disk.
        GoBack(live.First, live, isEmpty: true);
        live.First.Start();
        live.World.Rest();
    }

    /// <summary>The home's shard is damaged just when the token of a hand-over has gone, and the region that got it is cut off.</summary>
    [Fact]
    public void A_damaged_shard_that_was_handed_over_goes_to_no_other_region_while_the_receiver_may_serve()
    {
        var live = new LiveSchedule(SimFault.None, ShardFamily.Quorum, regions: 5, disksReplaced: true).Served();
        live.Write();
        live.For(500);
        var receiver = live.World.Regions.First(region => region != live.First && region != live.Next);
        live.Reserve(receiver);
        live.Until(() => live.First.Store[0].Head.Promised.Region == receiver.Id);
        live.First.Store[0].IsDamaged = true;
        live.Until(() => receiver.Store[0].Head.Promised.Region == receiver.Id);
        foreach (var other in live.World.Regions.Where(other => other != receiver))
        {
            live.CutBetween(receiver, other);
        }

        live.KeepAsking(500, receiver);
        live.Until(() => live.World.Regions.Any(region => region != receiver && Serves(region)));
        live.World.Network.Heal();
        GoBack(live.First, live, isEmpty: true);
        live.First.Start();
        live.World.Rest();
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    public void Regions_that_start_without_a_proof_serve_again(int regions, int starting)
    {
        var live = new LiveSchedule(SimFault.None, ShardFamily.Quorum, hasRows: true, regions: regions, disksReplaced: true).Served();
        live.Write();
        live.Count(live.First);
        live.For(300);
        var started = live.World.Regions.Where(region => starting == regions || region == live.First).ToList();
        foreach (var region in started)
        {
            region.Crash();
            region.Store.IsContinued = false;
        }

        started.ForEach(static region => region.Start());
        live.Until(() => Serves(live.First)
            && started.TrueForAll(region => region is { Standing.IsProven: true } && region.Shells[live.World.RowOf(region.Index)] is HomeShell { WouldServe: true }));
        live.Write();
        started.ForEach(live.Count);
        live.World.Rest();
    }

    /// <summary>The longest log is in a region that promised, and is gone for good before it sent its rows. The old home has it, too, and starts again.</summary>
    [Fact]
    public void A_promotion_whose_source_is_gone_goes_on_with_another_one()
    {
        var live = new LiveSchedule(SimFault.None, ShardFamily.Quorum).Served();
        live.For(300);
        live.CutBetween(live.First, live.Next);
        live.Write();
        live.First.Crash();
        live.World.Network.Heal();
        live.Until(() => live.Last.Store[0].Head.Promised.Region == live.Next.Id);

        // It hears of the promise, and is not heard any more.
        live.World.Network.SetCut(live.Next.Index, live.Last.Index, cut: true);
        live.For(50);
        live.Last.Crash();
        live.First.Start();
        live.Until(() => Serves(live.Next));
    }

    /// <summary>A home that promised the shard to another region, whose token is on no way any more, starts again on a disk from before.</summary>
    private static LiveSchedule HandedOver(SimFault fault, out HandOverToken token)
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, disksReplaced: true).Served();
        live.Write();
        live.For(500);
        live.World.Disks.Keep(live.First.Index);
        live.Reserve();
        live.World.Network.SetCut(live.First.Index, live.Other.Index, cut: true);
        live.Until(() => live.First.Store[0].Head.Promised.Region == live.Other.Id);
        var head = live.First.Store[0].Head;
        token = new(live.World.IdOf(0), head.Promised, head.Last, head.LastEpoch);
        GoBack(live.First, live, isEmpty: false);
        live.World.Network.Heal();
        live.First.Start();
        return live;
    }

    /// <summary>The region's process ends, and its disk is replaced.</summary>
    private static void GoBack(SimRegion region, LiveSchedule live, bool isEmpty)
    {
        region.Crash();
        live.World.Disks.Replace(region.Index, isEmpty);
    }

    private static void Decide(LiveSchedule live, SimRegion at, RegionMode mode)
    {
        var isDecided = false;
        at.Control!.Ask(topology => TopologyChanges.SetMode(topology, at.Id, mode), applied => isDecided = applied);
        live.Until(() => isDecided);
    }
}
