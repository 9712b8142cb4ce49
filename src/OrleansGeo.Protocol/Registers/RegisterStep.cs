namespace OrleansGeo.Protocol.Registers;

/// <summary>What a proposer wants after a reply.</summary>
internal abstract record RegisterStep
{
    private RegisterStep()
    {
    }

    /// <summary>More replies.</summary>
    public sealed record Wait : RegisterStep
    {
        public static Wait Instance { get; } = new();
    }

    /// <summary>Send this to every acceptor.</summary>
    public sealed record Send(RegisterMessage Message) : RegisterStep;

    /// <summary>A majority accepted <paramref name="Value"/>: the change was made, or does not apply to it.</summary>
    public sealed record Done(ReadOnlyMemory<byte> Value, bool Changed) : RegisterStep;

    /// <summary>The change threw: it is given up. If an earlier attempt's accept was sent, that may still happen.</summary>
    public sealed record Failed(Exception Exception) : RegisterStep;

    /// <summary>Somebody else proposes: try again a little later.</summary>
    public sealed record Conflict : RegisterStep
    {
        public static Conflict Instance { get; } = new();
    }
}
