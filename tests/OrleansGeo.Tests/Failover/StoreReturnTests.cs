using System.Numerics;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Tests.Failover;

public sealed class StoreReturnTests
{
    /// <summary>Over every majority that can have taken the last renewal with this region, and every set of others that can answer.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(7, 4)]
    public void A_store_without_evidence_asks_so_many_that_one_of_them_knows_it_and_no_more(int count, int needed)
    {
        var regions = new WorldRegions([.. Enumerable.Range(0, count).Select(static i => new RegionId($"r{i}"))]);
        Assert.Equal(needed, StoreReturn.AnswersNeeded(regions, hasEvidence: false));
        var others = Enumerable.Range(0, 1 << (count - 1)).Select(static set => (uint)set).ToList();
        var took = others.Where(set => BitOperations.PopCount(set) + 1 == regions.Majority).ToList();
        bool Misses(int answers) => others.Where(set => BitOperations.PopCount(set) == answers).Any(asked => took.Any(set => (set & asked) == 0));
        Assert.Equal((count == 1, count > 1), (Misses(needed), needed > 0 && Misses(needed - 1)));
    }
}
