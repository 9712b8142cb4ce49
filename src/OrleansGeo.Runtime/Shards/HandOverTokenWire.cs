using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary><see cref="HandOverToken"/> as it travels, with the topology in which the shard was reserved.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.handover")]
internal readonly record struct HandOverTokenWire(
    [property: Id(0)] string Shard,
    [property: Id(1)] string Region,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Last,
    [property: Id(4)] long LastEpoch,
    [property: Id(5)] long TopologyVersion)
{
    public static HandOverTokenWire From(HandOverToken token, long version) =>
        new(token.Shard.Name, token.Token.Region.Name, token.Token.Epoch, token.Last.Value, token.LastEpoch, version);

    public HandOverToken ToToken() => new(new ShardId(Shard), new(new RegionId(Region), Epoch), new(Last), LastEpoch);
}
