using Orleans.Serialization;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// The turns that wait for a call, the oldest first. A call that comes to an activation whose open turn is among them can never come in: whoever it waits for waits for it.
/// </summary>
/// <remarks>All of them, not only the first: the calls of a <c>WhenAll</c> have the first one in common, and do not wait for each other.</remarks>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.lineage")]
internal sealed class Lineage
{
    /// <summary>Older turns than this many are forgotten: a longer cycle is found by the deadline.</summary>
    private const int Limit = 64;

    [NonSerialized]
    private byte[]? _encoded;

    [Id(0)]
    public LineageStep[] Steps { get; init; } = [];

    public static Lineage Extend(Lineage? ancestors, TurnId turn, string entity)
    {
        var steps = ancestors?.Steps ?? [];
        return new() { Steps = [.. steps.AsSpan(Math.Max(0, steps.Length + 1 - Limit)), new(turn, entity)] };
    }

    public bool Contains(TurnId turn)
    {
        foreach (var step in Steps)
        {
            if (step.Turn == turn)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The way from an entity's waiting turn back to the entity, for a message: <c>a → b → a</c>.</summary>
    public string Describe(string entity) =>
        string.Join(" → ", Steps.Select(static step => step.Entity).SkipWhile(waiting => waiting != entity).Append(entity));

    public static Lineage? Decode(Serializer serializer, byte[] encoded) => serializer.Deserialize<Lineage>(encoded);

    public byte[] Encode(Serializer serializer) => _encoded ??= serializer.SerializeToArray(this);
}
