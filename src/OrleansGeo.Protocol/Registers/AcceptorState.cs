namespace OrleansGeo.Protocol.Registers;

/// <summary>What one region's store durably knows of one register.</summary>
/// <param name="Promised">Lower ballots are refused.</param>
/// <param name="Accepted">The ballot of <paramref name="Value"/>; <see cref="Ballot.None"/> before the first.</param>
/// <param name="Value">The value accepted last. It is the register's only if a majority accepted this ballot.</param>
public sealed record AcceptorState(Ballot Promised, Ballot Accepted, ReadOnlyMemory<byte> Value)
{
    /// <summary>What a store knows of a register that it has never seen: nothing was promised, nothing accepted.</summary>
    public static AcceptorState Empty { get; } = new(Ballot.None, Ballot.None, default);
}
