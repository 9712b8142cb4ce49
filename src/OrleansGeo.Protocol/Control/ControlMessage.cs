using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>What a region's control plane wants sent.</summary>
internal abstract record ControlMessage
{
    private ControlMessage()
    {
    }

    /// <summary>To the acceptor of every region, the own one included. Give the replies to <see cref="RegionControl.Received"/>.</summary>
    public sealed record ToAcceptors(string Register, RegisterMessage Message) : ControlMessage;

    /// <summary>To the control plane of every other region: this topology was decided.</summary>
    public sealed record News(WorldTopology Topology) : ControlMessage;

    /// <summary>To the operator: what the register holds cannot be read here, or a change of it threw. Everything else goes on. The same may come again and again.</summary>
    public sealed record Failure(string Register, Exception Exception) : ControlMessage;
}
