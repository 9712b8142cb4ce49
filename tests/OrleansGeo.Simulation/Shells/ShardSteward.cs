using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What a region wants of the topology: to give homes away as it should, or by chance.</summary>
internal sealed class ShardSteward(SimWorld world, SimRegion region)
{
    private readonly bool[] _asked = new bool[world.Config.Shards.Length];

    private WorldTopology Topology => region.Topology;

    private Protocol.Control.RegionControl Control => region.Control!.Control;

    public void Tick()
    {
        if (!region.HasLease || region.Standing is not { IsProven: true })
        {
            return;
        }

        var isPreferredElsewhere = false;
        for (var shard = 0; shard < _asked.Length; shard++)
        {
            var index = world.MapIndexOf(shard);
            isPreferredElsewhere |= world.Map.PreferredHome(index) == region.Id && Topology[index].Home.Region != region.Id;
            if (!_asked[shard])
            {
                Tend(shard, index);
            }
        }

        if (!isPreferredElsewhere && Topology.StateOf(region.Id).Mode == RegionMode.Restoring && world.Chance.Percent(20))
        {
            region.Control!.Ask(topology => TopologyChanges.SetMode(topology, region.Id, RegionMode.Normal), null);
        }
    }

    private void Tend(int shard, int index)
    {
        var state = Topology[index];
        if (state.Reserved is null && region.Shells[shard] is HomeShell { IsReady: true } && state.Home.Region == region.Id && Target(index) is { } target && target != region.Id)
        {
            Ask(shard, topology => TopologyChanges.Reserve(topology, region.Id, new Dictionary<int, RegionId> { [index] = target }));
        }
    }

    private RegionId? Target(int index)
    {
        var now = region.Now;
        if (!world.IsQuiet && world.Chance.Percent(world.Config.OperatorPercent / 10))
        {
            return world.Chance.Pick(world.Map.Regions.All);
        }

        // Back to where it should be only when that has been well for a while; away from a drained region at once.
        var best = world.Map.Prefer(index, other => Control.IsEligible(other, now));
        return best is { } target
            && (Topology.StateOf(region.Id).Mode == RegionMode.Drained
                || Topology.StateOf(target).Mode == RegionMode.Restoring
                || now - Control.LiveSince(target, now) >= world.Config.FailbackDelay)
            ? target
            : null;
    }

    private void Ask(int shard, Func<WorldTopology, WorldTopology?> change)
    {
        _asked[shard] = true;
        region.Control!.Ask(change, _ => _asked[shard] = false);
    }
}
