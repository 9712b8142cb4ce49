using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary><see cref="Ballot"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.ballot")]
internal readonly record struct BallotWire([property: Id(0)] long Counter, [property: Id(1)] string? Region, [property: Id(2)] long Boot)
{
    public static BallotWire From(Ballot ballot) => new(ballot.Counter, ballot.Region.Name, ballot.Boot);

    public Ballot ToBallot() => string.IsNullOrEmpty(Region) ? Ballot.None : new(Counter, new RegionId(Region), Boot);
}
