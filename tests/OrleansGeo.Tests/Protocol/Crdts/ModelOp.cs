using System.Collections.Immutable;
using OrleansGeo.Protocol.Crdts;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>One operation of one row, and what its writer knew: of every row, how many operations had happened before.</summary>
internal sealed record ModelOp(int Row, int Index, string Key, OpKind Kind, string Value, long Amount, HybridTime Time, ImmutableArray<int> Before)
{
    /// <summary>Operations of others that this one overruled.</summary>
    public List<ModelOp> Overrules { get; } = [];

    /// <summary>It ended an operation of its own row that was overruled then.</summary>
    public bool EndsOverruled { get; set; }

    public bool HasSeen(ModelOp other) => other.Index < Before[other.Row];
}
