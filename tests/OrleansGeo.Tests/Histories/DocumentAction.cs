using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>What is asked of a document.</summary>
/// <param name="Kind">The verb.</param>
/// <param name="Value">What to put. Histories tell most when every value is written once.</param>
/// <param name="Expected">For a swap: the value that it is to replace; null: there must be none.</param>
/// <param name="ExpectedVersion">The same as the version that carried it, for systems that compare versions.</param>
/// <param name="Consistency">For a get.</param>
internal sealed record DocumentAction(
    DocumentActionKind Kind,
    string? Value = null,
    string? Expected = null,
    RecordVersion? ExpectedVersion = null,
    SessionConsistency Consistency = SessionConsistency.Strong)
{
    public override string ToString() => Kind switch
    {
        DocumentActionKind.Get => $"get {Consistency}",
        DocumentActionKind.Put => $"put {Value}",
        DocumentActionKind.Swap => $"put {Value} over {Expected ?? "nothing"}",
        _ => "delete",
    };
}
