using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What a region wants of the topology: to give homes away as it should, or by chance, and to finish hand-overs that the other side left.</summary>
internal sealed class ShardSteward(SimWorld world, SimRegion region)
{
    private readonly bool[] _asked = new bool[world.Config.Shards.Length];

    private WorldTopology Topology => region.Topology;

    private Protocol.Control.RegionControl Control => region.Control!.Control;

    public void Tick()
    {
        if (!region.HasLease)
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

        if (world.Config.Fault == SimFault.RowShardPromoted)
        {
            foreach (var row in world.RowShards)
            {
                PromoteRow(row);
            }
        }

        if (!isPreferredElsewhere && Topology.StateOf(region.Id).Mode == RegionMode.Restoring && world.Chance.Percent(20))
        {
            region.Control!.Ask(topology => TopologyChanges.SetMode(topology, region.Id, RegionMode.Normal), null);
        }
    }

    /// <summary>Without the rule: a row whose owner is gone is promoted like any other shard.</summary>
    private void PromoteRow(int shard)
    {
        if (region.Shells[shard] is ReplicaShell { Log: { } log } && Control.HasEnded(world.Map.Regions[world.OwnerOf(shard)], out _))
        {
            region.Become(new RecoveryShell(world, region, shard, new(region.Id, log.Head.Promised.Epoch + 1)), shard);
        }
    }

    private void Tend(int shard, int index)
    {
        var state = Topology[index];
        if (ShardRole.Of(Topology, index, region.Id, region.Store[shard].Head) is ShardRole.GivenAway given && region.Shells[shard] is ReplicaShell)
        {
            world.Trace($"{region.Id} shard {shard}: gives it to {given.To}, which it was promised to");
            Ask(shard, topology => state.ReservedToken is { } withdrawn
                ? TopologyChanges.Withdraw(topology, index, given.Assignment, withdrawn)
                : TopologyChanges.Reallot(topology, index, given.Assignment, given.To));
        }
        else if (state.Reserved is { } reserved)
        {
            var other = state.Home.Region == region.Id ? reserved : state.Home.Region;
            if ((reserved == region.Id || region.Shells[shard] is ReplicaShell { Given: not null }) && region.Shells[shard] is ReplicaShell && Control.HasEnded(other, out var ended))
            {
                world.Trace($"{region.Id} shard {shard}: claims what was to be handed over");
                Ask(shard, topology => TopologyChanges.Claim(topology, index, state.Home, region.Id, ended));
            }
            else if (reserved == region.Id && region.Shells[shard] is HomeShell { HasBegun: true } home && home.Token == state.ReservedToken)
            {
                Ask(shard, topology => TopologyChanges.HandedOver(topology, region.Id, new Dictionary<int, long> { [index] = home.Token.Epoch }));
            }
        }
        else if (region.Shells[shard] is HomeShell { IsReady: true } && state.Home.Region == region.Id && Target(index) is { } target && target != region.Id)
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
