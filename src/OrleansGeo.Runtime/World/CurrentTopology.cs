using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>The last known topology of this process. Homes are fixed for now: it is the one that the world was created with.</summary>
internal sealed class CurrentTopology(WorldTopology initial)
{
    public WorldTopology Value { get; } = initial;
}
