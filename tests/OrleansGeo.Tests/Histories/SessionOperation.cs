using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>What one session did and saw. A history lists them in program order within each session; how sessions mix does not matter.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="Kind">What it did.</param>
/// <param name="Entity">To what.</param>
/// <param name="Consistency">How it was asked for.</param>
/// <param name="Version">
/// The version read, or made. Null: not told, as after a write of unknown outcome. With <paramref name="ToldWriteLost"/>: where the
/// repaired token stands.
/// </param>
/// <param name="Value">The value read or written; null: there was none. No two writes write the same.</param>
/// <param name="Region">Who served it.</param>
/// <param name="ToldWriteLost">Instead of an answer, the session was told that what it had seen of the entity is lost.</param>
internal sealed record SessionOperation(
    string Session,
    SessionActionKind Kind,
    string Entity,
    SessionConsistency Consistency,
    RecordVersion? Version,
    string? Value,
    string Region = "",
    bool ToldWriteLost = false)
{
    /// <summary>What a recorded operation on a document was to its client's session; null: nothing that it saw.</summary>
    public static SessionOperation? Of(Operation<DocumentAction, DocumentAnswer> operation)
    {
        var (action, answer) = (operation.Input, operation.Output);
        if (answer?.Outcome == DocumentOutcome.Refused || (answer?.Outcome == DocumentOutcome.Absent && action.Kind == DocumentActionKind.Delete))
        {
            return null;
        }

        var kind = action.Kind switch
        {
            DocumentActionKind.Get => SessionActionKind.Read,
            DocumentActionKind.Delete => SessionActionKind.Delete,
            _ => SessionActionKind.Write,
        };
        var value = kind == SessionActionKind.Read ? answer?.Value : action.Value;
        return new(
            $"{operation.Client}", kind, operation.Key, action.Consistency, answer?.Version, value, answer?.Region ?? "", answer?.Outcome == DocumentOutcome.WriteLost);
    }

    public override string ToString() =>
        $"session {Session}: {Kind} {Consistency} {Entity} -> {(ToldWriteLost ? "write lost, now" : Value ?? "nothing")} at {Version?.ToString() ?? "an unknown version"}{(Region.Length > 0 ? $" in {Region}" : "")}";
}
