using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>What a shard's record says of where an entity is.</summary>
/// <param name="Verdict"><see cref="MoveVerdict.Done"/>; or <see cref="MoveVerdict.NotNow"/>: it cannot say so now.</param>
/// <param name="Residence">Null: the entity was never moved, as far as this shard knows.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.where")]
internal readonly record struct WhereWire([property: Id(0)] MoveVerdict Verdict, [property: Id(1)] byte[]? Residence)
{
    public static WhereWire NotNow => new(MoveVerdict.NotNow, null);

    public Residence? Read() => Residence is { } bytes ? ResidenceCodec.Decode(bytes) : null;
}
