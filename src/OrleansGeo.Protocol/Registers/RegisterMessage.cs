namespace OrleansGeo.Protocol.Registers;

/// <summary>From a proposer, or an observer, to every acceptor.</summary>
public abstract record RegisterMessage
{
    private RegisterMessage()
    {
    }

    /// <summary>What do you hold? Changes nothing at the acceptor.</summary>
    public sealed record Read : RegisterMessage;

    /// <summary>Refuse everything below this ballot, and say what you hold.</summary>
    public sealed record Prepare(Ballot Ballot) : RegisterMessage;

    /// <summary>Take this value, and promise <paramref name="Next"/>, the same proposer's next ballot: it then needs no prepare.</summary>
    public sealed record Accept(Ballot Ballot, ReadOnlyMemory<byte> Value, Ballot Next) : RegisterMessage;
}
