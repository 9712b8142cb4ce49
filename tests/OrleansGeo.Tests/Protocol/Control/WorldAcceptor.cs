using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One region's registers, in memory, by the real rule. They survive a restart of the region; their ages do not.</summary>
/// <param name="recall">What of a state is durable: all of it, unless a test forgets something.</param>
internal sealed class WorldAcceptor(Func<AcceptorState, AcceptorState>? recall = null)
{
    private readonly Dictionary<string, (AcceptorState State, TimeSpan Since)> _registers = [];

    public RegisterReply Take(string register, RegisterMessage message, TimeSpan now)
    {
        var (state, since) = _registers.GetValueOrDefault(register, (AcceptorState.Empty, now));
        var granted = AcceptorRules.Take(state, message, out var next);
        since = next.Accepted == state.Accepted ? since : now;
        _registers[register] = (next, since);
        return new(granted, next, now - since);
    }

    public AcceptorState StateOf(string register) => _registers.GetValueOrDefault(register, (AcceptorState.Empty, default)).State;

    public void Restarted(TimeSpan now)
    {
        foreach (var (register, (state, _)) in _registers.ToArray())
        {
            _registers[register] = (recall?.Invoke(state) ?? state, now);
        }
    }
}
