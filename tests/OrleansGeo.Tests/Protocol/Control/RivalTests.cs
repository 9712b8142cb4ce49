using OrleansGeo.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Two runs of one region's control plane: the cluster took a silo for dead that lives, and a second silo uses the same store.</summary>
public sealed class RivalTests
{
    private static readonly TimeSpan Lease = new ControlConfig { Self = default, Map = null!, Boot = 0 }.LeaseDuration;

    /// <summary>Before: both acquired the lease again and again, and each acquisition closed the region's homes.</summary>
    [Fact]
    public void The_run_that_loses_the_lease_to_a_later_one_ends_for_good()
    {
        var world = Shared();
        var first = world.Duplicate(0);
        Assert.True(world.RunUntil(() => world.IsHealthy && world.MayAct(0), 3 * Lease));
        Assert.True(first.Control!.IsSuperseded);
        var generation = world[0].Control!.Generation;
        world.RunFor(5 * Lease);
        Assert.Equal(generation, world[0].Control!.Generation);
        Assert.True(world.MayAct(0));

        // Nothing revives it.
        world.Touch(first, static (control, now) => control.Resume(now));
        world.RunFor(2 * Lease);
        Assert.Equal(0, first.Control!.Generation);
        Assert.True(first.Control!.IsSuperseded);
        Assert.Equal(generation, world[0].Control!.Generation);
    }

    /// <summary>Its machine was paused, and it goes on with what it asked for before.</summary>
    [Fact]
    public void A_run_that_stood_still_meanwhile_ends_when_it_goes_on()
    {
        var world = Shared();
        world.Stall(0);
        world.RunFor(Lease / 2);
        var first = world.Duplicate(0);
        world.RunFor(3 * Lease);
        Assert.True(world.MayAct(0));
        var generation = world[0].Control!.Generation;
        world.Unstall(first);
        world.RunFor(3 * Lease);
        Assert.True(first.Control!.IsSuperseded);
        Assert.Equal(generation, world[0].Control!.Generation);
    }

    /// <summary>Silos act under what the first run granted, which says nothing to the second: it may be in another part of a cluster that fell apart.</summary>
    [Fact]
    public void The_later_run_does_not_act_before_the_lease_of_the_earlier_one_has_ended()
    {
        var world = Shared();
        var first = world.Duplicate(0);
        world.Stall(0);
        world.Unstall(0);
        var until = first.Global(first.Control!.ValidUntil);
        Assert.True(world.RunUntil(() => world.MayAct(0), 3 * Lease));
        Assert.True(world.Now > until, $"The second run acts at {world.Now}, the first had granted until {until}.");
    }

    [Fact]
    public void A_store_that_one_process_holds_alone_proves_that_the_earlier_run_has_ended()
    {
        var world = new ControlWorld(new()).Settled();
        world.Crash(0);
        world.Start(0);
        Assert.True(world.RunUntil(() => world.MayAct(0), Lease / 2));
    }

    /// <summary>The usual case: a silo that died is declared dead long after its lease has ended, and the others saw it end.</summary>
    [Fact]
    public void What_ended_long_ago_is_not_waited_for()
    {
        var world = Shared();
        world.Crash(0);
        world.Isolate(1);
        world.RunFor(2 * Lease);
        world.Isolate(1, isCut: false);
        world.Start(0);
        Assert.True(world.RunUntil(() => world[0].Control!.Generation > 0, Lease / 4), world.Describe());
    }

    /// <summary>Without either rule the judge reports both.</summary>
    [Fact]
    public void Without_the_wait_two_runs_act_at_once() => Assert.Contains(
        "two runs of",
        Assert.Throws<Violation>(() =>
        {
            var world = new ControlWorld(new() { IsStoreShared = false }).Settled();
            world.Duplicate(0);
            world.RunFor(2 * Lease);
        }).Message,
        StringComparison.Ordinal);

    private static ControlWorld Shared() => new ControlWorld(new() { IsStoreShared = true }).Settled();
}
