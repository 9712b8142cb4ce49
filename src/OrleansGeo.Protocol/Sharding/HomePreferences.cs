using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Sharding;

/// <summary>Where the homes of a world should be: spread over all regions by weight (active-active), or in the first that lives of a list (active-passive).</summary>
internal sealed record HomePreferences
{
    public static HomePreferences ActiveActive { get; } = new();

    /// <summary>Active-passive: the primary, then who takes over, in this order. Empty: active-active.</summary>
    public ImmutableArray<RegionId> Priority { get; init; } = [];

    /// <summary>Regions that are never home (weight 0): they accept, vote and hold replicas.</summary>
    public ImmutableArray<RegionId> Witnesses { get; init; } = [];

    public bool CanBeHome(RegionId region) => !Witnesses.Contains(region);

    /// <summary>A region's place among those that take over: the lowest that lives acts first.</summary>
    public int RankOf(RegionId region, WorldRegions regions)
    {
        var listed = Priority.IndexOf(region);
        var order = listed >= 0 ? listed : Priority.Length + regions.IndexOf(region);
        return CanBeHome(region) ? order : order + (2 * regions.Count);
    }

    /// <summary>The best home among the eligible; null when there is none.</summary>
    internal RegionId? Choose(string shard, RegionId? affinity, WorldRegions regions, Func<RegionId, bool> isEligible)
    {
        foreach (var region in Priority)
        {
            if (CanBeHome(region) && isEligible(region))
            {
                return region;
            }
        }

        if (affinity is { } wanted && CanBeHome(wanted) && isEligible(wanted))
        {
            return wanted;
        }

        var candidates = regions.All.Where(region => CanBeHome(region) && isEligible(region)).ToList();
        return candidates.Count == 0 ? null : Rendezvous.Choose(shard, regions, region => candidates.Contains(region) ? 1 : 0);
    }
}
