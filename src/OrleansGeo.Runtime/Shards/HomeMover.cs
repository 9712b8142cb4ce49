using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Reserves homes of this silo where <see cref="HomeTargets"/> says that they should be; the seats do the rest.</summary>
internal sealed class HomeMover(
    LocalShards locals, IRegionLinks links, CurrentTopology topology, RegionAuthority authority, ControlFollower control, IOptions<GeoOptions> options, IOptions<FailoverOptions> failover)
{
    private readonly HomeTargets _targets = new(
        new() { Self = options.Value.Self, Failback = failover.Value.Failback, FailbackDelay = failover.Value.FailbackDelay, HandOversAtOnce = failover.Value.HandOversAtOnce },
        region => authority.HealthOf(region) is { IsEligible: true } health ? TimeSpan.FromMilliseconds(health.HealthyMs) : null);

    public async Task MoveAsync(CancellationToken cancellationToken)
    {
        var decided = topology.Decided;
        var targets = _targets.Choose(decided, authority.Generation, authority.IsTrusted, locals.All.OfType<HomeShard>().Select(home => new HomeAtHand(
            decided.Map.IndexOf(home.Id),
            home.Home,
            target => links.TryGetChannel(target, out _) ? home.LagOf(home.ReplicaOf(target)) : null)));
        if (targets.Count > 0)
        {
            await control.ChangeAsync(TopologyChangeWire.Reserve(options.Value.Self, targets), cancellationToken);
        }
    }

    /// <summary>Where a shard that is at home here should be instead; null: it may stay.</summary>
    public RegionId? TargetOf(WorldTopology decided, int index) => _targets.Of(decided, index);
}
