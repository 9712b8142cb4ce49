using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>Learns what is decided without disturbing the proposers: if so many have accepted one ballot that a proposer would be content, its value is the register's.</summary>
/// <remarks>
/// <para>An acceptor that may have forgotten what it accepted may have accepted an older ballot since, which is no vote (<see cref="Quorums.KnowAll"/>).</para>
/// <para>
/// Any reply to any message says what its acceptor had accepted by then, which stays true. So nothing starts over with a new round of reading,
/// and links that are slower than the rounds are heard, too.
/// </para>
/// </remarks>
internal sealed class RegisterReader(Quorums quorums)
{
    private readonly Dictionary<RegionId, (AcceptorState State, bool IsProven)> _states = [];
    private Ballot? _decided;

    /// <returns>A value that was not known to be decided before; null if there is no such news.</returns>
    public ReadOnlyMemory<byte>? Receive(RegionId from, RegisterReply reply)
    {
        var state = reply.State;
        _states.TryGetValue(from, out var known);
        if (state.Accepted < known.State?.Accepted)
        {
            return null;
        }

        // What a whole store accepted it has accepted, whatever becomes of it.
        _states[from] = (state, reply.IsProven || (known.IsProven && state.Accepted == known.State?.Accepted));
        var holders = _states.Values.Where(other => other.State.Accepted == state.Accepted).ToList();
        if (state.Accepted <= _decided || !quorums.KnowAll(holders.Count(static holder => holder.IsProven), holders.Count))
        {
            return null;
        }

        _decided = state.Accepted;
        return state.Value;
    }
}
