namespace OrleansGeo.Tests.Protocol.Control;

public sealed class PartitionTests
{
    [Fact]
    public void An_isolated_region_stops_before_anyone_takes_over_and_returns_without_homes()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var world = Worlds.Settled(3, seed);
            world.Isolate(1);
            Assert.True(world.RunUntil(() => !world.MayAct(1), TimeSpan.FromSeconds(4)), $"seed {seed}: it acts beyond its lease");
            Assert.NotEqual(0, world.HomesOf(1));
            Assert.True(world.RunUntil(() => world.HomesOf(1) == 0 && world.IsServed, TimeSpan.FromSeconds(3)), $"seed {seed}: nobody took over");
            world.RunFor(TimeSpan.FromSeconds(20));
            world.Isolate(1, isCut: false);
            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(5)), $"seed {seed}: it did not return");
            Assert.Equal(0, world.HomesOf(1));
        }
    }

    [Fact]
    public void A_cut_between_two_of_three_changes_nothing()
    {
        var world = Worlds.Settled(3);
        var version = world.Decided.Version;
        world.CutBoth(0, 2);
        world.RunFor(TimeSpan.FromMinutes(10));
        Assert.True(world.IsHealthy);
        Assert.Equal(version, world.Decided.Version);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(1, 0)]
    public void A_one_way_cut_between_two_changes_nothing(int from, int to)
    {
        var world = Worlds.Settled(3);
        var version = world.Decided.Version;
        world.Cut(from, to);
        world.RunFor(TimeSpan.FromMinutes(10));
        Assert.True(world.IsHealthy);
        Assert.Equal(version, world.Decided.Version);
    }

    /// <summary>Nobody hears it, or it hears nobody: either way it cannot renew.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_region_that_is_cut_off_one_way_loses_its_homes(bool isMute)
    {
        var world = Worlds.Settled(3);
        for (var other = 0; other < 2; other++)
        {
            world.Cut(isMute ? 2 : other, isMute ? other : 2);
        }

        Assert.True(world.RunUntil(() => world.HomesOf(2) == 0 && world.IsServed, TimeSpan.FromSeconds(isMute ? 6 : 12)));
        Assert.False(world.MayAct(2));
    }

    [Fact]
    public void A_minority_never_acts_beyond_its_lease_and_all_is_well_afterwards()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var world = Worlds.Settled(5, seed);
            foreach (var few in (ReadOnlySpan<int>)[0, 1])
            {
                for (var many = 2; many < 5; many++)
                {
                    world.CutBoth(few, many);
                }
            }

            world.RunFor(TimeSpan.FromSeconds(4));
            Assert.False(world.MayAct(0) || world.MayAct(1));
            Assert.True(world.RunUntil(() => world.HomesOf(0) + world.HomesOf(1) == 0 && world.IsServed, TimeSpan.FromSeconds(6)), $"seed {seed}");
            Assert.False(world.RunUntil(() => world.MayAct(0) || world.MayAct(1), TimeSpan.FromMinutes(1)));
            for (var region = 0; region < 5; region++)
            {
                world.Isolate(region, isCut: false);
            }

            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(5)), $"seed {seed}");
        }
    }

    [Fact]
    public void When_all_are_apart_nobody_acts_and_everybody_keeps_its_homes()
    {
        var world = Worlds.Settled(3);
        var before = world.Decided;
        for (var region = 0; region < 3; region++)
        {
            world.Isolate(region);
        }

        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(Enumerable.Range(0, 3), world.MayAct);
        for (var region = 0; region < 3; region++)
        {
            world.Isolate(region, isCut: false);
        }

        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(10)));
        Assert.All(Enumerable.Range(0, world.Map.Count), shard => Assert.Equal(before.HomeOf(shard).Epoch, world.Decided.HomeOf(shard).Epoch));
    }

    [Fact]
    public void A_stall_shorter_than_the_lease_changes_nothing_and_a_longer_one_loses_the_homes()
    {
        var world = Worlds.Settled(3);
        var version = world.Decided.Version;
        world.Stall(1);
        world.RunFor(TimeSpan.FromSeconds(2.5));
        world.Unstall(1);
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(1)));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(version, world.Decided.Version);

        world.Stall(1);
        world.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(0, world.HomesOf(1));
        world.Unstall(1);
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(2)));
    }

    /// <summary>A reader that began anew with every round would never hear the answers to its last one.</summary>
    [Fact]
    public void A_takeover_needs_no_link_that_is_faster_than_the_rounds_of_reading()
    {
        var world = new ControlWorld(new() { Delay = TimeSpan.FromMilliseconds(170) }).Settled();
        world.Do(2, static (control, now) => control.GiveUp("its store failed", now));
        Assert.True(world.RunUntil(() => world.HomesOf(2) == 0, TimeSpan.FromSeconds(6.5)));
    }
}
