using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Runtime.Failover;

/// <summary>How long the own acceptor has held each register's value, as far as this run has seen.</summary>
internal sealed class AcceptorAges
{
    private readonly Dictionary<string, (Ballot Accepted, ReadOnlyMemory<byte> Value, TimeSpan Since)> _held = [];

    public TimeSpan Age(string register, AcceptorState state, TimeSpan now)
    {
        if (_held.TryGetValue(register, out var held))
        {
            if (state.Accepted < held.Accepted)
            {
                // An answer that was overtaken by a newer one.
                return TimeSpan.Zero;
            }

            if (held.Value.Span.SequenceEqual(state.Value.Span))
            {
                return now - held.Since;
            }
        }

        _held[register] = (state.Accepted, state.Value, now);
        return TimeSpan.Zero;
    }
}
