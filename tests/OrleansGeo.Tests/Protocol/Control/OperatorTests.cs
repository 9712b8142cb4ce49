using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Changes of the topology that somebody asks for.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void Two_operators_at_once_are_both_obeyed()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var world = Worlds.Azure(seed).Settled();
            var told = 0;
            world.Do(1, (control, now) => control.Change(topology => TopologyChanges.SetMode(topology, world[0].Id, RegionMode.Restoring), _ => told++, now));
            world.Do(2, (control, now) => control.Change(topology => TopologyChanges.Evict(topology, world[1].Id), _ => told++, now));
            world.Do(2, (control, now) => control.Change(topology => TopologyChanges.SetMode(topology, world[2].Id, RegionMode.Drained), _ => told++, now));
            Assert.True(world.RunUntil(() => told == 3 && world.HomesOf(1) == 0 && world.IsHealthy, TimeSpan.FromSeconds(10)), $"seed {seed}: {told}");
            Assert.Equal(RegionMode.Restoring, world.Decided.StateOf(world[0].Id).Mode);
            Assert.Equal(RegionMode.Drained, world.Decided.StateOf(world[2].Id).Mode);
        }
    }

    [Fact]
    public void An_evicted_region_stops_first_and_returns_without_homes()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = Worlds.Settled(3, seed);
            world.Change(0, topology => TopologyChanges.Evict(topology, world[2].Id));
            Assert.True(world.RunUntil(() => !world.MayAct(2), TimeSpan.FromSeconds(1)), $"seed {seed}: it goes on");
            Assert.NotEqual(0, world.HomesOf(2));
            Assert.True(world.RunUntil(() => world.HomesOf(2) == 0, TimeSpan.FromSeconds(5)), $"seed {seed}: nobody took over");
            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(1)), $"seed {seed}: it does not return");
            world.RunFor(TimeSpan.FromMinutes(1));
            Assert.Equal(0, world.HomesOf(2));
        }
    }

    /// <summary>Its new run does not know that it was evicted when it acquires a lease.</summary>
    [Fact]
    public void An_evicted_region_does_not_keep_its_homes_by_restarting()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = Worlds.Settled(3, seed);
            world.Crash(2);
            world.Change(0, topology => TopologyChanges.Evict(topology, world[2].Id));
            world.RunFor(TimeSpan.FromSeconds(2));
            world.Start(2);
            Assert.True(world.RunUntil(() => world.HomesOf(2) == 0 && world.IsHealthy, TimeSpan.FromSeconds(8)), $"seed {seed}");
        }
    }

    [Fact]
    public void The_only_region_that_can_be_home_is_not_evicted()
    {
        var world = new ControlWorld(new() { Preferences = new() { Witnesses = [new("region-b"), new("region-c")] } }).Settled();
        world.Change(1, topology => TopologyChanges.Evict(topology, world[0].Id));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(world.MayAct(0));
        Assert.True(world.IsHealthy);
    }

    [Fact]
    public void The_last_region_is_not_drained_whoever_asks_at_the_same_time()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = Worlds.Azure(seed).Settled();
            var applied = new List<bool>();
            for (var region = 0; region < 3; region++)
            {
                var target = world[region].Id;
                world.Do((region + 1) % 3, (control, now) => control.Change(topology => TopologyChanges.SetMode(topology, target, RegionMode.Drained), applied.Add, now));
            }

            Assert.True(world.RunUntil(() => applied.Count == 3, TimeSpan.FromSeconds(10)), $"seed {seed}");
            Assert.Equal([false, true, true], applied.Order());
            Assert.Single(world.Decided.Regions.All, region => world.Decided.StateOf(region).Mode != RegionMode.Drained);
        }
    }

    /// <summary>Failed over with no homes left, they kept their leases; when the last region died and its homes came to them, they gave them up for ever.</summary>
    [Fact]
    public void Regions_that_were_failed_over_when_they_were_idle_take_over()
    {
        var world = Worlds.Settled(3);
        foreach (var region in (int[])[1, 2])
        {
            var target = world[region].Id;
            world.Change(0, topology => TopologyChanges.Evict(topology, target));
            Assert.True(world.RunUntil(() => world.HomesOf(region) == 0 && world.IsHealthy, TimeSpan.FromSeconds(10)), $"{target} is not idle");
            world.Change(0, topology => TopologyChanges.Evict(topology, target));
            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(5)));
        }

        world.Crash(0);
        Assert.True(world.RunUntil(() => world.HomesOf(0) == 0 && world.IsServed, TimeSpan.FromSeconds(20)), "nobody serves");
    }

    /// <summary>Found by the simulator: every region was failed over, and each waited without a lease for another to take its homes.</summary>
    [Fact]
    public void Restoring_forgives_a_failover()
    {
        var topology = WorldTopology.Initial(Worlds.Settled(3).Map);
        var region = topology.Regions.All[1];
        topology = TopologyChanges.Record(topology, region, 1)!;
        topology = TopologyChanges.Evict(topology, region)!;
        Assert.True(topology.StateOf(region).IsEvicted);
        topology = TopologyChanges.SetMode(topology, region, RegionMode.Normal)!;
        topology = TopologyChanges.SetMode(topology, region, RegionMode.Drained)!;
        Assert.False(topology.StateOf(region).IsEvicted);
    }

    [Fact]
    public void A_drained_region_is_home_only_if_nobody_else_can_be()
    {
        var world = Worlds.Settled(3);
        world.Change(0, topology => TopologyChanges.SetMode(topology, world[1].Id, RegionMode.Drained));
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Crash(2);
        Assert.True(world.RunUntil(() => world.HomesOf(2) == 0 && world.IsServed, TimeSpan.FromSeconds(8)));
        var before = world.HomesOf(1);
        Assert.Equal(world.Map.Count, world.HomesOf(0) + before);
        world.Start(2);
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(2)));
        world.Change(0, topology => TopologyChanges.SetMode(topology, world[2].Id, RegionMode.Drained));
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Crash(0);
        Assert.True(world.RunUntil(() => world.HomesOf(0) == 0 && world.IsServed, TimeSpan.FromSeconds(8)));
        Assert.True(world.HomesOf(1) > before);
    }

    [Fact]
    public void A_witness_is_never_home_but_takes_over_for_others()
    {
        var world = new ControlWorld(new() { Preferences = new() { Witnesses = [new("region-c")] } }).Settled();
        Assert.Equal(0, world.HomesOf(2));
        world.Crash(0);
        world.Cut(1, 1);
        world.Cut(1, 1, isCut: false);
        Assert.True(world.RunUntil(() => world.HomesOf(0) == 0 && world.IsServed, TimeSpan.FromSeconds(8)));
        Assert.Equal(world.Map.Count, world.HomesOf(1));
    }

    /// <summary>The only other region that can be home is alive but cannot revoke: the witness does it for it.</summary>
    [Fact]
    public void A_witness_acts_when_the_first_does_not()
    {
        var world = new ControlWorld(new() { Preferences = new() { Witnesses = [new("region-c")] }, Adjust = Lame }).Settled();
        world.Crash(0);
        Assert.True(world.RunUntil(() => world.HomesOf(0) == 0 && world.IsServed, TimeSpan.FromSeconds(10)));
        Assert.Equal(world.Map.Count, world.HomesOf(1));

        // The one that ranks first observes far more patiently than all others.
        static OrleansGeo.Protocol.Control.ControlConfig Lame(OrleansGeo.Protocol.Control.ControlConfig config) =>
            config.Self == new RegionId("region-b") ? config with { DriftMargin = 10 } : config;
    }

    [Fact]
    public void Active_passive_follows_its_list()
    {
        var world = new ControlWorld(new() { Preferences = new() { Priority = [new("region-b"), new("region-c")] } }).Settled();
        Assert.Equal(world.Map.Count, world.HomesOf(1));
        world.Crash(1);
        Assert.True(world.RunUntil(() => world.HomesOf(1) == 0 && world.IsServed, TimeSpan.FromSeconds(6)));
        Assert.Equal(world.Map.Count, world.HomesOf(2));
    }

    /// <summary>A dead region that is only reserved for, or that nobody can replace, is no reason to ask the register again and again.</summary>
    [Fact]
    public void A_takeover_that_does_not_apply_costs_nothing()
    {
        var world = Worlds.Settled(3);
        var shard = Enumerable.Range(0, world.Map.Count).First(index => world.Decided.HomeOf(index).Region == world[0].Id);
        world.Change(0, topology => TopologyChanges.Reserve(topology, world[0].Id, new Dictionary<int, RegionId> { [shard] = world[2].Id }));
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Crash(2);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Enumerable.Range(0, world.Map.Count).Count(index => world.Decided[index].Reserved == world[2].Id));
        world.Sent.Clear();
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(0, world.Asked<RegisterMessage.Prepare>());
    }
}
