using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>What every region knows of the topology is one history: equal versions are equal, epochs only rise, and no epoch is allotted to two homes.</summary>
internal sealed class TopologyChecker(SimWorld world)
{
    private readonly Dictionary<long, byte[]> _versions = [];
    private readonly Dictionary<(int Index, long Epoch), RegionId> _homes = [];

    public void Known(int region, WorldTopology topology)
    {
        var bytes = TopologyCodec.Encode(topology);
        if (!_versions.TryAdd(topology.Version, bytes))
        {
            SimViolation.Unless(
                _versions[topology.Version].AsSpan().SequenceEqual(bytes),
                $"Registers: {world.NameOf(region)} knows another topology {topology.Version} than a region before it.");
            return;
        }

        for (var index = 0; index < world.Map.Count; index++)
        {
            var home = topology[index].Home;
            SimViolation.Unless(
                _homes.TryAdd((index, home.Epoch), home.Region) || _homes[(index, home.Epoch)] == home.Region,
                $"Invariant 2: epoch {home.Epoch} of {world.Map[index]} was allotted to {_homes[(index, home.Epoch)]} and to {home.Region}.");
        }
    }
}
