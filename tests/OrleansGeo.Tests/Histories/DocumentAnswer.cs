using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>What a document answered.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Value">What a get found.</param>
/// <param name="Version">The version that was found or made, where the system tells; after a lost write, where the repaired token stands.</param>
/// <param name="Region">Who answered.</param>
internal sealed record DocumentAnswer(DocumentOutcome Outcome, string? Value = null, RecordVersion? Version = null, string Region = "")
{
    public override string ToString() => string.Join(' ', new[]
    {
        Outcome.ToString(), Value, Version is { } version ? $"at {version}" : null, Region.Length > 0 ? $"by {Region}" : null,
    }.Where(static part => part is not null));
}
