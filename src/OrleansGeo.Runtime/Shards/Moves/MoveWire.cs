using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>A move of an entity, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.move")]
internal sealed record MoveWire([property: Id(0)] string Entity, [property: Id(1)] long Generation, [property: Id(2)] string From, [property: Id(3)] string To, [property: Id(4)] bool IsFollowing = false)
{
    public static MoveWire Of(string entity, EntityMove move) => new(entity, move.Generation, move.From.Name, move.To.Name, move.IsFollowing);

    public EntityMove ToMove() => new(Generation, new ShardId(From), new ShardId(To), IsFollowing);
}
