using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Runtime.Failover;

/// <summary><see cref="RegisterReply"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.registerreply")]
internal readonly record struct RegisterReplyWire(
    [property: Id(0)] bool Granted,
    [property: Id(1)] BallotWire Promised,
    [property: Id(2)] BallotWire Accepted,
    [property: Id(3)] byte[] Value,
    [property: Id(4)] long AgeMs,
    [property: Id(5)] bool IsUnproven = false)
{
    public static RegisterReplyWire From(RegisterReply reply) => new(
        reply.Granted, BallotWire.From(reply.State.Promised), BallotWire.From(reply.State.Accepted), reply.State.Value.ToArray(), (long)reply.Age.TotalMilliseconds, !reply.IsProven);

    public RegisterReply ToReply() => new(Granted, new(Promised.ToBallot(), Accepted.ToBallot(), Value), TimeSpan.FromMilliseconds(AgeMs), !IsUnproven);
}
