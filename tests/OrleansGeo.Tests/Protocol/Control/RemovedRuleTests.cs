using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Each rule that invariant 2 rests on: a schedule that is harmless with it, and that the judge reports without it.</summary>
public sealed class RemovedRuleTests
{
    /// <summary>The answers to a renewal travel for 800 ms; the others count from when they saw it.</summary>
    [Fact]
    public void A_lease_counts_from_its_request_not_from_its_answer()
    {
        static void Run(ControlWorldConfig config)
        {
            var world = new ControlWorld(config).Settled();
            world.Link(1, 0).Delay = world.Link(2, 0).Delay = TimeSpan.FromMilliseconds(800);
            world.RunFor(TimeSpan.FromSeconds(5));
            var until = world[0].Control!.ValidUntil;
            Assert.True(world.RunUntil(() => world[0].Control!.ValidUntil != until, TimeSpan.FromSeconds(3)));
            world.Isolate(0);
            world.RunFor(TimeSpan.FromSeconds(8));
            Assert.Equal(0, world.HomesOf(0));
        }

        var leases = new ConditionalWeakTable<RegionControl, FromTheAnswer>();
        Run(new());
        Reports("invariant 2", () => Run(new() { Acts = (control, now) => leases.GetOrCreateValue(control).Acts(control, now) }));
    }

    /// <summary>The holder's clock is 1.9 % slower than the observers'.</summary>
    [Fact]
    public void An_observer_waits_for_the_slowest_clock()
    {
        static void Run(ControlWorldConfig config)
        {
            for (var seed = 1UL; seed <= 10; seed++)
            {
                var world = new ControlWorld(config with { Seed = seed, Delay = TimeSpan.FromMilliseconds(1) });
                (world[0].Rate, world[1].Rate, world[2].Rate) = (0.991, 1.0098, 1.0098);
                world.Settled();
                world.Isolate(0);
                world.RunFor(TimeSpan.FromSeconds(8));
                Assert.Equal(0, world.HomesOf(0));
            }
        }

        Run(new());
        Reports("invariant 2", () => Run(new() { Adjust = static config => config with { DriftMargin = 0 } }));
    }

    /// <summary>A region that hears nothing from another moves its homes, but has revoked nothing: the other renews by way of the third.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lease_is_revoked_before_its_homes_move(bool revokes)
    {
        void Run()
        {
            var world = Worlds.Settled(3);
            var lost = world[0].Id;
            world.CutBoth(0, 1);
            world.RunFor(TimeSpan.FromSeconds(6));
            if (!revokes)
            {
                var generation = world.Decided.StateOf(lost).Generation;
                world.Change(1, topology => TopologyChanges.TakeOver(topology, lost, generation, region => region != lost, static _ => -1));
            }

            world.RunFor(TimeSpan.FromSeconds(6));
            Assert.True(world.IsHealthy);
        }

        if (revokes)
        {
            Run();
        }
        else
        {
            Reports("invariant 2", Run);
        }
    }

    /// <summary>A region returns and has a lease again before it knows that its homes are gone.</summary>
    [Fact]
    public void A_region_acts_only_under_a_topology_that_names_its_generation()
    {
        static void Run(ControlWorldConfig config)
        {
            // Its own reading may tell it in time: so at many times.
            for (var seconds = 6.0; seconds < 10; seconds += 0.3)
            {
                var world = new ControlWorld(config).Settled();
                world.Isolate(0);
                world.RunFor(TimeSpan.FromSeconds(seconds));
                world.Isolate(0, isCut: false);
                Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(4)));
            }
        }

        Run(new());
        Reports("invariant 2", () => Run(new() { Acts = static (control, now) => control.HoldsLease(now) }));
    }

    private static void Reports(string what, Action run) => Assert.Contains(what, Assert.Throws<Violation>(run).Message, StringComparison.Ordinal);

    private sealed class FromTheAnswer
    {
        private TimeSpan _validUntil;
        private TimeSpan _believedUntil;

        public bool Acts(RegionControl control, TimeSpan now)
        {
            if (control.ValidUntil != _validUntil)
            {
                (_validUntil, _believedUntil) = (control.ValidUntil, now + control.Config.LeaseDuration);
            }

            return now < _believedUntil && control.Topology.StateOf(control.Self).Generation > 0;
        }
    }
}
