using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>The invariants of the control plane, checked after every step of a world.</summary>
internal sealed class ControlJudge(ControlWorld world, Func<RegionControl, TimeSpan, bool> acts)
{
    private readonly Dictionary<string, RegisterBook> _books = [];
    private readonly Dictionary<(int Shard, long Epoch), RegionId> _allotted = [];
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _versions = [];
    private readonly Dictionary<WorldRegion, WorldTopology> _seen = [];
    private readonly HashSet<RegionId> _acting = [];
    private readonly Dictionary<RegionId, (RegionControl? Run, TimeSpan Until)> _granted = [];

    public RegisterBook Book(string register)
    {
        if (!_books.TryGetValue(register, out var book))
        {
            _books.Add(register, book = new(register, world.Map.Regions.Majority, register == RegisterNames.Topology
                ? (earlier, later) => Lineage.Topology(world.Map, earlier, later)
                : Lineage.Lease));
        }

        return book;
    }

    /// <summary>What one region's acceptor holds of another's lease.</summary>
    public LeaseValue LeaseAt(WorldRegion at, int of) => LeaseValue.Decode(at.Acceptor.StateOf(RegisterNames.LeaseOf(world[of].Id)).Value);

    public void Accepted(RegionId acceptor, string register, RegisterMessage.Accept accept) => Book(register).Accepted(acceptor, accept);

    public void Step()
    {
        WorldTopology? first = null;
        var differ = false;
        _acting.Clear();
        foreach (var region in world.Runs)
        {
            if (region.Control is not { } control)
            {
                continue;
            }

            if (!ReferenceEquals(_seen.GetValueOrDefault(region), control.Topology))
            {
                Learned(_seen[region] = control.Topology);
            }

            if (acts(control, region.Local(world.Now)))
            {
                Violation.Unless(_acting.Add(region.Id), $"invariant 2: two runs of {region.Id} act at {world.Now}");
                CheckGrants(region, control);
                first ??= control.Topology;
                differ |= control.Topology.Version != first.Version;
            }
        }

        // Regions that act under one topology cannot both be home.
        if (differ)
        {
            CheckHomes();
        }
    }

    /// <summary>Silos act under what an earlier run granted, whatever has become of that: where they share the store, no other run acts before that has ended.</summary>
    private void CheckGrants(WorldRegion region, RegionControl control)
    {
        var granted = _granted.GetValueOrDefault(region.Id);
        Violation.Unless(
            granted.Run is null || granted.Run == control || !world.IsStoreShared || world.Now >= granted.Until,
            $"invariant 2: a run of {region.Id} acts at {world.Now}, an earlier one had granted until {granted.Until}");
        var until = region.Global(control.ValidUntil);
        _granted[region.Id] = (control, granted.Run == control && granted.Until > until ? granted.Until : until);
    }

    /// <summary>Invariant 2.</summary>
    private void CheckHomes()
    {
        for (var shard = 0; shard < world.Map.Count; shard++)
        {
            RegionId? home = null;
            foreach (var region in world.Runs)
            {
                if (region.Control is { } control && control.Topology.HomeOf(shard).Region == region.Id && acts(control, region.Local(world.Now)))
                {
                    Violation.Unless(home is null, $"invariant 2: {home} and {region.Id} act as home of {world.Map[shard]} at {world.Now}");
                    home = region.Id;
                }
            }
        }
    }

    /// <summary>What a region takes for decided has one value a version, and an epoch of a shard is one region's for ever.</summary>
    private void Learned(WorldTopology topology)
    {
        var bytes = TopologyCodec.Encode(topology);
        if (_versions.TryGetValue(topology.Version, out var known))
        {
            Violation.Unless(known.Span.SequenceEqual(bytes), $"version {topology.Version} of the topology has two values");
            return;
        }

        _versions.Add(topology.Version, bytes);
        for (var shard = 0; shard < world.Map.Count; shard++)
        {
            var home = topology.HomeOf(shard);
            if (!_allotted.TryAdd((shard, home.Epoch), home.Region))
            {
                Violation.Unless(_allotted[(shard, home.Epoch)] == home.Region, $"epoch {home.Epoch} of {world.Map[shard]} was allotted to {_allotted[(shard, home.Epoch)]} and to {home.Region}");
            }
        }
    }
}
