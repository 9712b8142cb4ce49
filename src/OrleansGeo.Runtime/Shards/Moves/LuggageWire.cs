using System.Collections.Immutable;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>One page of what an entity takes along: remembered requests and, on the last page, its states and its reminders.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.luggage")]
internal sealed class LuggageWire
{
    [Id(0)]
    public MoveVerdict Verdict { get; init; }

    [Id(1)]
    public RememberedWire[] Remembered { get; init; } = [];

    /// <summary>Ask again after this position; 0: this was the last page.</summary>
    [Id(2)]
    public long Next { get; init; }

    [Id(3)]
    public StateWire[] States { get; init; } = [];

    [Id(4)]
    public StateWire[] Reminders { get; init; } = [];

    /// <summary>A <see cref="Residence"/>, of which the shards on the way count.</summary>
    [Id(5)]
    public byte[] Via { get; init; } = [];

    public ImmutableArray<ViaShard> ReadVia() => ResidenceCodec.Decode(Via).Via;
}
