using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Tests.Protocol.Control;

public sealed class ColdStartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_region_gets_its_lease_and_records_it(int regions)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var world = new ControlWorld(new() { Regions = regions, Seed = seed });
            foreach (var region in Enumerable.Range(0, regions).OrderBy(_ => world.Random.Next()))
            {
                world.Start(region);
                world.RunFor(TimeSpan.FromMilliseconds(world.Random.Next(400)));
            }

            Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(5)), $"seed {seed}: {regions} regions did not start within 5 s");
            Assert.All(Enumerable.Range(0, world.Map.Count), shard => Assert.Equal(1, world.Decided.HomeOf(shard).Epoch));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void An_hour_of_peace_is_one_round_trip_a_renewal_and_no_change(int regions)
    {
        var world = new ControlWorld(new() { Regions = regions });
        world.StartAll();
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(5)));
        world.RunFor(TimeSpan.FromSeconds(2));
        var version = world.Decided.Version;
        world.Sent.Clear();
        world.RunFor(TimeSpan.FromHours(1));

        Assert.Equal(version, world.Decided.Version);
        Assert.Equal(0, world.Asked<RegisterMessage.Prepare>());
        Assert.InRange(world.Asked<RegisterMessage.Accept>() / (regions * regions), 3_500, 3_605);
        Assert.InRange(world.Asked<RegisterMessage.Read>() / (regions * regions), 880, 910);
    }
}
