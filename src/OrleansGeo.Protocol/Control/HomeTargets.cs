using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>
/// Which homes of a region should be elsewhere: when it is drained or stops, when a region has been healthy long enough to get its preferred homes back, or at once when an operator
/// restored it. A few at a time. Pure.
/// </summary>
/// <param name="config">When, and how many.</param>
/// <param name="healthyFor">For how long a region has been able to be home without a break; null: it cannot be now.</param>
internal sealed class HomeTargets(HomeTargetsConfig config, Func<RegionId, TimeSpan?> healthyFor)
{
    /// <summary>Where a shard that is at home here should be instead; null: it may stay.</summary>
    public RegionId? Of(WorldTopology decided, int index)
    {
        var isAway = decided.StateOf(config.Self).IsAway;
        if (decided.Map.PreferredHome(index) == config.Self && !isAway)
        {
            // Nearly every shard at nearly every look.
            return null;
        }

        if (decided.Map.Prefer(index, region => healthyFor(region) is not null) is not { } wanted || wanted == config.Self)
        {
            return null;
        }

        return isAway || decided.StateOf(wanted).Mode == RegionMode.Restoring || (config.Failback && healthyFor(wanted) >= config.FailbackDelay) ? wanted : null;
    }

    /// <summary>The shards that are to be reserved now, and for which regions.</summary>
    /// <param name="decided">The newest topology that was decided.</param>
    /// <param name="generation">Of the lease under which this region may act; 0: none.</param>
    /// <param name="isStoreTrusted">Whether its store holds all that it held: one that does not may have forgotten what was handed over before.</param>
    /// <param name="homes">The homes here.</param>
    public Dictionary<int, RegionId> Choose(WorldTopology decided, long generation, bool isStoreTrusted, IEnumerable<HomeAtHand> homes)
    {
        var targets = new Dictionary<int, RegionId>();
        if (generation == 0 || !isStoreTrusted)
        {
            return targets;
        }

        var room = config.HandOversAtOnce - Enumerable.Range(0, decided.Map.Count).Count(shard => decided[shard].Home.Region == config.Self && decided[shard].Reserved is not null);
        foreach (var (index, home, lagOf) in homes)
        {
            if (targets.Count < room
                && !decided.Map.IsRow(index)
                && decided[index] is { Reserved: null } shard && shard.Home == home
                && Of(decided, index) is { } target
                && lagOf(target) <= config.NearlyCaughtUp)
            {
                targets.Add(index, target);
            }
        }

        return targets;
    }
}
