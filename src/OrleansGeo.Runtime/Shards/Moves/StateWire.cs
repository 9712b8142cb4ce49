using OrleansGeo.Protocol.Homes;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>A state as it travels; null bytes: cleared.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.luggage.state")]
internal readonly record struct StateWire([property: Id(0)] string Name, [property: Id(1)] byte[]? Bytes)
{
    public static StateWire Of(StateChange state) => new(state.Name, state.Bytes?.ToArray());

    public StateChange ToChange() => new(Name, Bytes is null ? default(ReadOnlyMemory<byte>?) : Bytes);
}
