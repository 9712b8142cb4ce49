using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary><see cref="RegisterMessage"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.registermessage")]
internal readonly record struct RegisterMessageWire(
    [property: Id(0)] byte Kind,
    [property: Id(1)] BallotWire Ballot,
    [property: Id(2)] BallotWire Next,
    [property: Id(3)] byte[]? Value)
{
    private const byte Read = 0;
    private const byte Prepare = 1;
    private const byte Accept = 2;

    public static RegisterMessageWire From(RegisterMessage message) => message switch
    {
        RegisterMessage.Prepare prepare => new(Prepare, BallotWire.From(prepare.Ballot), default, null),
        RegisterMessage.Accept accept => new(Accept, BallotWire.From(accept.Ballot), BallotWire.From(accept.Next), accept.Value.ToArray()),
        _ => new(Read, default, default, null),
    };

    public RegisterMessage ToMessage() => Kind switch
    {
        Read => new RegisterMessage.Read(),
        Prepare => new RegisterMessage.Prepare(Ballot.ToBallot()),
        Accept => new RegisterMessage.Accept(Ballot.ToBallot(), Value, Next.ToBallot()),
        _ => throw new NotSupportedException($"Register message {Kind} is of a newer version: upgrade this region."),
    };
}
