using System.IO.Hashing;
using System.Text;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Sharding;

/// <summary>
/// Weighted rendezvous hashing (Thaler and Ravishankar 1998; weights by the logarithm method of Schindelhauer and Schomaker 2005):
/// adding or losing one of R regions moves about 1/R of the shards and no others.
/// </summary>
internal static class Rendezvous
{
    public static RegionId Choose(string shard, WorldRegions regions) => Choose(shard, regions, static _ => 1.0);

    /// <param name="shard">The name of what is to be placed.</param>
    /// <param name="regions">The candidates.</param>
    /// <param name="weight">The share that a region should get, relative to the others; 0 for none.</param>
    public static RegionId Choose(string shard, WorldRegions regions, Func<RegionId, double> weight)
    {
        var best = regions[0];
        var bestScore = double.NegativeInfinity;
        foreach (var region in regions.All)
        {
            var score = Score(shard, region, weight(region));
            if (score > bestScore)
            {
                (best, bestScore) = (region, score);
            }
        }

        return best;
    }

    private static double Score(string shard, RegionId region, double weight)
    {
        if (weight <= 0)
        {
            return double.NegativeInfinity;
        }

        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{region}|{shard}"));
        var uniform = ((hash >> 11) + 0.5) * (1.0 / (1UL << 53));
        return -weight / Math.Log(uniform);
    }
}
