using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Rows of multi-writer entities by hand, in three whole regions: it holds with the rule, and a checker notices without it.</summary>
public sealed class RowScheduleTests
{
    /// <summary>The owner of a row is cut off for as long as it takes to promote what else was at home there. It goes on writing its row.</summary>
    [Fact]
    [Proves(SimFault.RowShardPromoted)]
    public void Nobody_writes_the_row_of_a_region_that_is_gone() => Proves(SimFault.RowShardPromoted, "alone writes", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, hasRows: true).Served();
        live.Count(live.First);
        live.CutOff(bothWays: true);
        live.Promoted();
        live.Count(live.First);
        live.For(500);
        live.World.Rest();
    });

    /// <summary>The owner of a row gets an empty disk, and writes: without what it had acknowledged, it would take places of its row's log that others have shown.</summary>
    [Fact]
    [Proves(SimFault.StartProvesStore)]
    public void A_row_goes_on_under_a_new_epoch_when_its_disk_was_replaced() => Proves(SimFault.StartProvesStore, "a row regressed at its owner", static fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum, hasRows: true).Served();
        live.Count(live.First);
        live.For(300);
        live.First.Crash();
        live.World.Disks.Replace(live.First.Index);
        live.First.Start();
        live.Count(live.First);
        live.World.Rest();
    });
}
