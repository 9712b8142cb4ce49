namespace OrleansGeo.Protocol.Registers;

/// <summary>
/// The acceptor of a CASPaxos register (Rystsov 2018): the one rule by which every store promises and accepts. Stores evaluate it inside
/// a transaction, and answer only when what it decided is durable.
/// </summary>
public static class AcceptorRules
{
    /// <summary>Whether the message is granted, and the state afterwards. A refused message and a read change nothing.</summary>
    public static bool Take(AcceptorState state, RegisterMessage message, out AcceptorState next)
    {
        next = state;
        switch (message)
        {
            case RegisterMessage.Read:
                return true;
            case RegisterMessage.Prepare prepare when prepare.Ballot > state.Promised:
                next = state with { Promised = prepare.Ballot };
                return true;
            case RegisterMessage.Accept accept when accept.Ballot >= state.Promised:
                next = new(accept.Next, accept.Ballot, accept.Value);
                return true;
            default:
                return false;
        }
    }
}
