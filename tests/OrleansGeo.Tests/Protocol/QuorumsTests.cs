using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

/// <summary>How many regions it takes.</summary>
public sealed class QuorumsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Any_two_quorums_share_a_region_and_one_region_less_is_none(int regions)
    {
        var quorums = new Quorums(regions);
        var sets = Enumerable.Range(0, 1 << regions).Select(static bits => new RegionSet(bits)).ToList();
        var found = sets.FindAll(quorums.IsQuorum);
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.All(found, other => Assert.NotEqual(0, one.Bits & other.Bits)));
        Assert.Contains(found, quorum => Enumerable.Range(0, regions).Where(quorum.Contains).All(region => !quorums.IsQuorum(new(quorum.Bits & ~(1L << region)))));
    }

    /// <summary>What counts is what the world says that it takes, not how many replicas there happen to be.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void A_home_asks_how_many_it_takes(int voters, int needed)
    {
        var log = new HomeLog(Config(Token("r0", 1), ShardFamily.Quorum, 2) with { Quorums = new(voters) }, Head(Token("r0", 1), Row(1, 1)), [Row(1, 1)], TimeSpan.Zero);
        for (var replica = 0; replica < needed; replica++)
        {
            Assert.Equal(At(0), log.Stable);
            var send = Assert.IsType<Shipment.Send>(log.NextShipment(replica));
            log.Replied(replica, send.Session, send.Message, new(AppendVerdict.Stored, At(1), 1, At(1), 1, Token("r0", 1)));
        }

        Assert.Equal(At(1), log.Stable);
    }
}
