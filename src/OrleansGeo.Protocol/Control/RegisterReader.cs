using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>Learns what is decided without disturbing the proposers: if a majority has accepted one ballot, its value is the register's.</summary>
/// <remarks>
/// Any reply to any message says what its acceptor had accepted by then, which stays true. So nothing starts over with a new round of reading,
/// and links that are slower than the rounds are heard, too.
/// </remarks>
internal sealed class RegisterReader(int majority)
{
    private readonly Dictionary<RegionId, AcceptorState> _states = [];
    private Ballot? _decided;

    /// <returns>A value that was not known to be decided before; null if there is no such news.</returns>
    public ReadOnlyMemory<byte>? Receive(RegionId from, AcceptorState state)
    {
        if (_states.TryGetValue(from, out var known) && state.Accepted < known.Accepted)
        {
            return null;
        }

        _states[from] = state;
        if (state.Accepted <= _decided || _states.Values.Count(other => other.Accepted == state.Accepted) < majority)
        {
            return null;
        }

        _decided = state.Accepted;
        return state.Value;
    }
}
