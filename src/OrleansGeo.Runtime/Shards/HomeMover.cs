using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// Decides which homes of this silo should be elsewhere, and reserves them there: when this region is drained or stops, when a region has been healthy
/// long enough to get its preferred homes back, or at once when an operator restored it. A few at a time; the seats do the rest.
/// </summary>
internal sealed class HomeMover(
    LocalShards locals, IRegionLinks links, CurrentTopology topology, RegionAuthority authority, ControlFollower control, IOptions<GeoOptions> options, IOptions<FailoverOptions> failover)
{
    /// <summary>A replica that lacks no more than this is up to date soon enough.</summary>
    private const long NearlyCaughtUp = 1_000;

    public async Task MoveAsync(CancellationToken cancellationToken)
    {
        // Nor while the store may have forgotten what was handed over before.
        if (authority.Generation == 0 || !authority.IsTrusted)
        {
            return;
        }

        var decided = topology.Decided;
        var self = options.Value.Self;
        var room = failover.Value.HandOversAtOnce - Enumerable.Range(0, decided.Map.Count).Count(shard => decided[shard].Home.Region == self && decided[shard].Reserved is not null);
        var targets = new Dictionary<int, RegionId>();
        foreach (var home in locals.All.OfType<HomeShard>())
        {
            var index = decided.Map.IndexOf(home.Id);
            if (!decided.Map.IsRow(index) && targets.Count < room && decided[index] is { Reserved: null } shard && shard.Home == home.Home && TargetOf(decided, index, self) is { } target
                && links.TryGetChannel(target, out _) && home.LagOf(home.ReplicaOf(target)) <= NearlyCaughtUp)
            {
                targets.Add(index, target);
            }
        }

        if (targets.Count > 0)
        {
            await control.ChangeAsync(TopologyChangeWire.Reserve(self, targets), cancellationToken);
        }
    }

    /// <summary>Where a shard that is at home here should be instead; null: it may stay.</summary>
    public RegionId? TargetOf(WorldTopology decided, int index, RegionId self)
    {
        if (decided.Map.PreferredHome(index) == self && !decided.StateOf(self).IsAway)
        {
            // Nearly every shard at nearly every look.
            return null;
        }

        var target = decided.Map.Prefer(index, region => authority.HealthOf(region).IsEligible);
        if (target is not { } wanted || wanted == self)
        {
            return null;
        }

        return decided.StateOf(self).IsAway
            || decided.StateOf(wanted).Mode == RegionMode.Restoring
            || (failover.Value.Failback && authority.HealthOf(wanted).HealthyMs >= failover.Value.FailbackDelay.TotalMilliseconds)
            ? wanted
            : null;
    }
}
