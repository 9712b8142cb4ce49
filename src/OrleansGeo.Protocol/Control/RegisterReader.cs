using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>Reads a register without disturbing its proposers: if a majority holds the same ballot, its value is the register's.</summary>
internal sealed class RegisterReader(int majority)
{
    private readonly Dictionary<RegionId, AcceptorState> _states = [];
    private RegisterMessage.Read? _message;

    public RegisterMessage Begin()
    {
        _states.Clear();
        return _message = new();
    }

    /// <returns>The value that a majority holds; null while none is known.</returns>
    public ReadOnlyMemory<byte>? Receive(RegionId from, RegisterMessage message, RegisterReply reply)
    {
        if (!ReferenceEquals(message, _message))
        {
            return null;
        }

        _states[from] = reply.State;
        return _states.Values.Count(state => state.Accepted == reply.State.Accepted) >= majority ? reply.State.Value : default(ReadOnlyMemory<byte>?);
    }
}
