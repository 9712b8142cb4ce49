using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;
using static OrleansGeo.Tests.Simulation.Schedule;

namespace OrleansGeo.Tests.Simulation;

/// <summary>A recovery that takes rows from another store, page by page.</summary>
public sealed class FetchScheduleTests
{
    /// <summary>Region 0 stands still between two pages that it fetches. Meanwhile the source was fenced, cut and given another history by a newer home.</summary>
    [Fact]
    [Proves(SimFault.FetchWithoutPromise)]
    public void A_recovery_does_not_go_on_with_another_history() => Proves(SimFault.FetchWithoutPromise, "Invariant 1", static fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        foreach (var region in (int[])[0, 1, 2])
        {
            schedule.Append(region, Token(0, 1), schedule.Row(1, 1));
        }

        // Homes that nobody heard of again: epoch 2 in region 2, epoch 3 in region 1.
        schedule.Append(2, Token(2, 2), schedule.Row(2, 2), schedule.Row(2, 3));
        schedule[0].Promise(0, Token(1, 3));
        schedule.Append(1, Token(1, 3), schedule.Row(3, 2), schedule.Row(3, 3));

        // Epoch 4 in region 0, with the promise of region 2: it fetches a page.
        var slow = Token(0, 4);
        var recovery = new ShardRecovery(slow, schedule.World.Map.Regions.Quorums);
        recovery.Promised(slow.Region, schedule[0].Promise(0, slow));
        recovery.Promised(schedule.World.Map.Regions[2], schedule[2].Promise(0, slow));
        Fetch(schedule, recovery);

        // Epoch 5 in region 1, with the promise of region 2, acknowledges.
        var next = Token(1, 5);
        schedule[1].Promise(0, next);
        schedule[2].Promise(0, next);
        schedule.Append(1, next, schedule.Row(5, 4));
        schedule[2].Cut(0, next, new(1), foreignEpoch: 2);
        schedule.Append(2, next, schedule.Row(3, 2), schedule.Row(3, 3), schedule.Row(5, 4));
        schedule.Acknowledge(1, next, 4);

        Fetch(schedule, recovery);
        if (fault == SimFault.None)
        {
            Assert.IsType<RecoveryStep.Lost>(recovery.Next());
        }
    });

    private static void Fetch(Schedule schedule, ShardRecovery recovery)
    {
        var fetch = Assert.IsType<RecoveryStep.Fetch>(recovery.Next());
        var own = schedule[0][0].Head;
        var page = schedule[2].ReadLog(0, fetch.From, maxBytes: 0);
        if (!recovery.Fetched(schedule[2][0].Head) && schedule.Fault != SimFault.FetchWithoutPromise)
        {
            return;
        }

        schedule[0].Append(0, isHome: true, recovery.Token, own.Last, own.LastEpoch, page);
        recovery.Promised(recovery.Token.Region, schedule[0][0].Head);
    }
}
