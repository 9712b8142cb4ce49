using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>What one row says under one key: a value, or a tombstone that is there for what it hides.</summary>
/// <remarks>Which row and which version is known from where the field stands: the log gives every field its dot.</remarks>
internal sealed class CrdtField
{
    public bool IsPresent { get; init; }

    /// <summary>The fields of other rows that this one hides, in ordinal order of the rows' names, one of each row at most.</summary>
    public ImmutableArray<SeenField> Seen { get; init; } = [];

    /// <summary>When it was written; only for the last-writer-wins types.</summary>
    public HybridTime? Time { get; init; }

    public ReadOnlyMemory<byte> Value { get; init; }

    public SeenField? SeenOf(string row)
    {
        foreach (var seen in Seen)
        {
            if (seen.Row == row)
            {
                return seen;
            }
        }

        return null;
    }

    internal CrdtField With(ImmutableArray<SeenField> seen) => new() { IsPresent = IsPresent, Seen = seen, Time = Time, Value = Value };
}
