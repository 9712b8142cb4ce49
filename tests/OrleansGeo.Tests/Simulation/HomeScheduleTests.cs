using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;

namespace OrleansGeo.Tests.Simulation;

/// <summary>What a home may ship, acknowledge and checkpoint, by hand, in three whole regions: it holds with the rule, and a checker notices without it.</summary>
public sealed class HomeScheduleTests
{
    /// <summary>The home's disk takes nothing, its process starts again, and it writes its next row: in the same epoch, at the same position.</summary>
    [Fact]
    [Proves(SimFault.ShipBeforeStore)]
    public void A_row_is_on_the_homes_disk_before_it_is_anywhere_else() => Proves(SimFault.ShipBeforeStore, "Invariant 1", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        live.For(50);
        live.First.Store.Queue.Full = true;
        live.CutOff(bothWays: false);
        live.Ask(isRead: false);
        live.For(50);
        live.First.Crash();
        live.First.Store.Queue.Full = false;
        live.World.Network.Heal();
        live.First.Start();
        live.Served().Ask(isRead: false);
        live.For(200);
    });

    /// <summary>The home is cut off with a row that nobody else has, until another region is home.</summary>
    [Fact]
    [Proves(SimFault.AcknowledgeBeforeStable)]
    public void A_quorum_write_is_acknowledged_once_a_majority_has_it() => Proves(SimFault.AcknowledgeBeforeStable, "Invariant 3", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        live.CutOff(bothWays: true);
        live.Ask(isRead: false);
        live.Promoted();
    });

    /// <summary>The home is cut off with a row that nobody else has, and checkpoints as far as it may.</summary>
    [Fact]
    [Proves(SimFault.CheckpointPastStable)]
    public void A_checkpoint_never_passes_what_a_majority_has() => Proves(SimFault.CheckpointPastStable, "past the stable position", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Region).Served();
        live.CutOff(bothWays: true);
        live.Ask(isRead: false);
        live.Promoted();
    });

    /// <summary>
    /// A home that was handed a shard and is asked nothing. Without an entry of its own it has begun no epoch that it could confirm, and the hand-over
    /// never ends. No worse than that: a home counts as stable only what its own entries settle (<see cref="SimFault.StableWithoutOwnEpoch"/> is that
    /// rule), so that without such an entry it acknowledges too little, never too much.
    /// </summary>
    [Fact]
    [Proves(SimFault.NoEpochStart)]
    public void A_home_begins_its_epoch_with_an_entry_of_its_own() => Proves(SimFault.NoEpochStart, "Invariant 11", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        live.For(500);
        live.Reserve();
        live.For(500);
        live.World.Rest();
    });
}
