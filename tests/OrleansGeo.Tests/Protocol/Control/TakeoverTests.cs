using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>A region dies: how soon, and to whom, its homes go.</summary>
public sealed class TakeoverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Over_the_wan_homes_are_elsewhere_soon_after_the_lease(int victim)
    {
        var decided = new List<double>();
        var served = new List<double>();
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var world = Worlds.Azure(seed).Settled();
            var died = world.Now;
            world.Crash(victim);
            Assert.True(world.RunUntil(() => world.HomesOf(victim) == 0, TimeSpan.FromSeconds(10)), $"seed {seed}: nobody took over");
            decided.Add((world.Now - died).TotalSeconds);
            Assert.True(world.RunUntil(() => world.IsServed, TimeSpan.FromSeconds(2)), $"seed {seed}: a new home does not know");
            served.Add((world.Now - died).TotalSeconds);
        }

        output.WriteLine($"region {victim} dies: decided elsewhere after {decided.Min():0.00} / {decided.Average():0.00} / {decided.Max():0.00} s, known to the new homes after {served.Max():0.00} s");
        Assert.InRange(decided.Max(), 3, 5.5);
    }

    /// <summary>The promise for it is there before the lease has run out: what is left is the way of the revocation's answer, and of the topology to the nearer survivor.</summary>
    [Theory]
    [InlineData(0, 182)]
    [InlineData(1, 232)]
    [InlineData(2, 94)]
    public void From_the_revocation_to_the_new_homes_it_is_one_round_trip_between_the_survivors(int victim, double roundTrip)
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var world = Worlds.Azure(seed).Settled();
            world.Crash(victim);
            Assert.True(world.RunUntil(() => !LeaseValue.Decode(world.Judge.Book(RegisterNames.LeaseOf(world[victim].Id)).Decided).IsHeld, TimeSpan.FromSeconds(10)), $"seed {seed}: not revoked");
            var revoked = world.Now;
            Assert.True(world.RunUntil(() => world.HomesOf(victim) == 0, TimeSpan.FromSeconds(10)), $"seed {seed}: nobody took over");
            Assert.InRange((world.Now - revoked).TotalMilliseconds, 0.9 * roundTrip, (1.1 * roundTrip) + 20);
        }
    }

    [Fact]
    public void The_second_acts_a_step_later_if_the_first_dies_too()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = Worlds.Settled(5, seed);
            var died = world.Now;
            world.Crash(4);

            // The first in rank dies later, so its lease is seen as held when the fifth's runs out.
            world.RunFor(TimeSpan.FromSeconds(2.9));
            world.Crash(0);
            Assert.True(world.RunUntil(() => world.HomesOf(4) == 0, TimeSpan.FromSeconds(10)), $"seed {seed}: nobody took over");
            Assert.InRange((world.Now - died).TotalSeconds, 5.0, 6.3);
            Assert.True(world.RunUntil(() => world.IsServed, TimeSpan.FromSeconds(5)), $"seed {seed}: not served");
        }
    }

    [Fact]
    public void A_restart_within_the_lease_keeps_homes_and_epochs()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = Worlds.Settled(3, seed);
            var before = world.Decided;
            world.Crash(1);
            world.RunFor(TimeSpan.FromSeconds(2));
            world.Start(1);
            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(1)), $"seed {seed}");
            world.RunFor(TimeSpan.FromSeconds(20));
            Assert.All(Enumerable.Range(0, world.Map.Count), shard => Assert.Equal(before.HomeOf(shard), world.Decided.HomeOf(shard)));
            Assert.True(world.Decided.StateOf(world[1].Id).Generation > before.StateOf(world[1].Id).Generation);
        }
    }

    [Fact]
    public void A_restart_after_the_takeover_has_a_new_generation_and_no_homes()
    {
        var world = Worlds.Settled(3);
        var before = world.Decided.StateOf(world[1].Id).Generation;
        world.Crash(1);
        world.RunFor(TimeSpan.FromSeconds(6));
        world.Start(1);
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(2)));
        Assert.Equal(0, world.HomesOf(1));
        Assert.True(world.Decided.StateOf(world[1].Id).Generation > before);
    }

    [Fact]
    public void Giving_up_ends_acting_at_once_and_lasts_until_it_resumes()
    {
        var world = Worlds.Settled(3);
        var gave = world.Now;
        world.Do(1, static (control, now) => control.GiveUp("its store failed", now));
        Assert.False(world.MayAct(1));
        Assert.Equal("its store failed", world[1].Control!.LostBecause);

        // Its silos were told how long the lease lasts: nobody takes over before that.
        Assert.True(world.RunUntil(() => world.HomesOf(1) == 0, TimeSpan.FromSeconds(5)));
        output.WriteLine($"given up: elsewhere after {(world.Now - gave).TotalMilliseconds:0} ms at 10 ms of round trip");
        world.RunFor(TimeSpan.FromSeconds(30));
        Assert.False(world.MayAct(1));
        world.Do(1, static (control, now) => control.Resume(now));
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(1)));
        Assert.Equal(0, world.HomesOf(1));
    }

    [Fact]
    public void Giving_up_while_the_lease_is_being_acquired_gives_it_up()
    {
        var world = Worlds.Settled(3);
        world.Crash(1);
        world.Start(1);
        world.RunFor(TimeSpan.FromMilliseconds(3));
        world.Do(1, static (control, now) => control.GiveUp("its store failed", now));
        Assert.False(world.RunUntil(() => world.MayAct(1), TimeSpan.FromSeconds(10)));
        Assert.Equal(0, world.HomesOf(1));
    }

    [Fact]
    public void A_region_that_flaps_loses_its_homes_at_most_once()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var world = Worlds.Settled(3, seed);
            for (var i = 0; i < 20; i++)
            {
                world.Crash(2);
                world.RunFor(TimeSpan.FromSeconds(0.5 + (world.Random.NextDouble() * 5)));
                world.Start(2);
                world.RunFor(TimeSpan.FromSeconds(0.5 + (world.Random.NextDouble() * 5)));
            }

            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(10)), $"seed {seed}");
            Assert.All(Enumerable.Range(0, world.Map.Count), shard => Assert.InRange(world.Decided.HomeOf(shard).Epoch, 1, 2));
        }
    }

    [Fact]
    public void What_only_a_minority_revoked_is_finished_by_the_others()
    {
        var world = Worlds.Settled(3);
        world.Crash(2);

        // The first revokes, its accept reaches nobody else, and it is cut off for good.
        Assert.True(world.RunUntil(() => world.Judge.LeaseAt(world[0], 2) is { IsHeld: false }, TimeSpan.FromSeconds(6)));
        world.Start(2);
        world[2].Control!.GiveUp("it must not acquire", world[2].Local(world.Now));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(world.RunUntil(() => world.HomesOf(2) == 0, TimeSpan.FromSeconds(10)));
    }
}
