using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Moves of one entity between shards by hand, in three whole regions: it holds with the rule, and a checker notices without it.</summary>
public sealed class MoveScheduleTests
{
    /// <summary>The home that lets the entity go crashes before anybody else has that it left.</summary>
    [Fact]
    [Proves(SimFault.LeaveNotDurable)]
    public void An_entity_arrives_only_once_a_majority_has_that_it_left() => Proves(SimFault.LeaveNotDurable, "have e0 at once", static fault =>
    {
        var moving = new MovingSchedule(fault);
        moving.Write(new(0));
        var (first, before) = (moving.HomeOf(0), moving.Home(0).Log!.LastStaged);
        moving.Home(1).TakeIn(MovingSchedule.Entity, moving.MoveOf(1, 0, 1), static _ => { });
        moving.Live.Until(() => moving.Home(0).Log!.LastStaged > before);
        first.Crash();
        moving.Live.Until(() => moving.HomeOf(0) != first);
        moving.Live.For(500);
        moving.World.Checks.Entities.Replay();
        moving.Move(1);
        moving.Write(new(1, 1));
        moving.World.Rest();
    });

    /// <summary>A region has heard that the entity left, and of the other shard nothing.</summary>
    [Fact]
    [Proves(SimFault.PointerFollowedEarly)]
    public void A_replica_follows_once_the_arrival_is_shown() => Proves(SimFault.PointerFollowedEarly, "where it never was", static fault =>
    {
        var moving = new MovingSchedule(fault);
        moving.Write(new(0));
        moving.World.Network.SetCut(moving.HomeOf(1).Index, moving.Bystander.Index, cut: true);
        moving.Move(1);
        Assert.Equal(SimAnswer.Done, moving.Read(moving.Bystander));
        moving.World.Network.Heal();
        moving.World.Rest();
    });

    /// <summary>
    /// The entity went from the shard of its key to a second and to a third one. A region has heard that it went to the third, and of that nothing: what it was when it
    /// left the first is not what it was last.
    /// </summary>
    [Fact]
    [Proves(SimFault.PointerReadAsLeft)]
    public void A_pointer_is_not_read_as_what_the_entity_left() => Proves(SimFault.PointerReadAsLeft, "Invariant 10", static fault =>
    {
        var moving = new MovingSchedule(fault, shards: 3);
        moving.Write(new(0));
        moving.Move(1);
        moving.Write(new(1, 1));
        moving.Live.For(500);
        moving.World.Network.SetCut(moving.HomeOf(2).Index, moving.Bystander.Index, cut: true);
        moving.Move(2);
        moving.Read(moving.Bystander);
        moving.World.Network.Heal();
        moving.World.Rest();
    });

    [Fact]
    [Proves(SimFault.MoveWithoutRemembered)]
    public void A_request_is_remembered_wherever_the_entity_goes() => Proves(SimFault.MoveWithoutRemembered, "Invariant 8", static fault =>
    {
        var moving = new MovingSchedule(fault);
        var operation = moving.Write(new(0));
        moving.Move(1);
        moving.Send(operation, new(1, 1));
        moving.Move(0);
        moving.Send(operation, new(0, 2));
        moving.World.Rest();
    });

    /// <summary>What the entity took along arrives a second time, long after it has gone back.</summary>
    [Fact]
    [Proves(SimFault.OlderMoveArrives)]
    public void An_older_move_that_arrives_late_changes_nothing() => Proves(SimFault.OlderMoveArrives, "have e0 at once", static fault =>
    {
        var moving = new MovingSchedule(fault);
        moving.Write(new(0));
        Luggage? luggage = null;
        moving.Home(0).Leave(MovingSchedule.Entity, moving.MoveOf(1, 0, 1), LogPosition.Zero, answer => luggage = answer);
        moving.Live.Until(() => luggage is not null);
        moving.Move(1);
        moving.Move(0);
        moving.Write(new(0, 2));
        moving.Home(1).Unpack(MovingSchedule.Entity, moving.MoveOf(1, 0, 1), luggage!, static _ => { });
        moving.Live.For(300);
        moving.World.Rest();
    });

    [Fact]
    [Proves(SimFault.LeftEntityWritten)]
    public void An_entity_is_not_written_where_it_left() => Proves(SimFault.LeftEntityWritten, "had arrived elsewhere", static fault =>
    {
        var moving = new MovingSchedule(fault);
        moving.Write(new(0));
        moving.Move(1);
        var operation = moving.Operation(isRead: false);
        moving.Send(operation, new(0));
        moving.Send(operation, new(1, 1));
        moving.World.Rest();
    });
}
