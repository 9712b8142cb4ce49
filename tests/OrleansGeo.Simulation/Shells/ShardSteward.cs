using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What a region wants of the topology: to give homes away as the product's <see cref="HomeTargets"/> says, or by chance.</summary>
internal sealed class ShardSteward
{
    private readonly SimWorld _world;
    private readonly SimRegion _region;
    private readonly bool[] _asked;
    private readonly HomeTargets _targets;

    public ShardSteward(SimWorld world, SimRegion region)
    {
        (_world, _region, _asked) = (world, region, new bool[world.Config.Shards.Length]);
        _targets = new(new() { Self = region.Id, FailbackDelay = world.Config.FailbackDelay, HandOversAtOnce = 2 }, HealthyFor);
    }

    private WorldTopology Topology => _region.Topology;

    public void Tick()
    {
        var homes = Enumerable.Range(0, _asked.Length).Where(IsFree).ToList();
        var targets = _targets.Choose(Topology, _region.Generation, _region.Standing is { IsProven: true }, homes.Select(AtHand));
        if (_region.HasLease && _region.Standing is { IsProven: true })
        {
            ByChance(homes, targets);
            Restore();
        }

        foreach (var shard in homes.Where(shard => targets.ContainsKey(_world.MapIndexOf(shard))))
        {
            var (index, target) = (_world.MapIndexOf(shard), targets[_world.MapIndexOf(shard)]);
            _asked[shard] = true;
            _region.Control!.Ask(topology => TopologyChanges.Reserve(topology, _region.Id, new Dictionary<int, RegionId> { [index] = target }), _ => _asked[shard] = false);
        }
    }

    private bool IsFree(int shard) => !_asked[shard] && _region.Shells[shard] is HomeShell { IsReady: true };

    private HomeAtHand AtHand(int shard)
    {
        var home = (HomeShell)_region.Shells[shard]!;
        return new(_world.MapIndexOf(shard), home.Home, target => home.Log.LagOf(home.Log.Config.Replicas.IndexOf(target)));
    }

    private TimeSpan? HealthyFor(RegionId region)
    {
        var (control, now) = (_region.Control!.Control, _region.Now);
        return control.IsEligible(region, now) ? now - control.LiveSince(region, now) ?? TimeSpan.Zero : null;
    }

    /// <summary>An operator moves a home.</summary>
    private void ByChance(List<int> homes, Dictionary<int, RegionId> targets)
    {
        foreach (var index in homes.Select(_world.MapIndexOf))
        {
            if (!_world.IsQuiet
                && _world.Chance.Percent(_world.Config.OperatorPercent / 10)
                && Topology[index] is { Reserved: null } shard && shard.Home.Region == _region.Id
                && _world.Chance.Pick(_world.Map.Regions.All) is var target && target != _region.Id)
            {
                targets[index] = target;
            }
        }
    }

    /// <summary>A restored region is a normal one again once no home is missing there.</summary>
    private void Restore()
    {
        bool IsElsewhere(int index) => _world.Map.PreferredHome(index) == _region.Id && Topology[index].Home.Region != _region.Id;
        if (!Enumerable.Range(0, _asked.Length).Select(_world.MapIndexOf).Any(IsElsewhere) && Topology.StateOf(_region.Id).Mode == RegionMode.Restoring && _world.Chance.Percent(20))
        {
            _region.Control!.Ask(topology => TopologyChanges.SetMode(topology, _region.Id, RegionMode.Normal), null);
        }
    }
}
