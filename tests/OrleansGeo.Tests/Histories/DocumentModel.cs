using OrleansGeo.Protocol.Logs;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>A document, or any register: put, get, delete, and put over what is expected.</summary>
/// <remarks>
/// Where answers carry versions, these must fit, too: each write's is newer than the one before, and a value is found under the version
/// that its write was told. Reads that are not strong promise nothing here and fit everywhere, as does what was told of a lost write.
/// </remarks>
internal sealed class DocumentModel : ISequentialModel<DocumentModelState, DocumentAction, DocumentAnswer>
{
    public DocumentModelState Initial => default;

    public bool IsRead(DocumentOperation operation) =>
        operation.Output is { } answer
        && (operation.Input.Kind == DocumentActionKind.Get || answer.Outcome is DocumentOutcome.Absent or DocumentOutcome.Refused or DocumentOutcome.WriteLost);

    /// <summary>Whether it says nothing of the order in which things happened.</summary>
    public static bool IsMute(DocumentOperation operation) =>
        operation.Output?.Outcome == DocumentOutcome.WriteLost || operation.Input is { Kind: DocumentActionKind.Get, Consistency: not SessionConsistency.Strong };

    public IReadOnlyList<DocumentOperation> Sharpen(IReadOnlyList<DocumentOperation> history) => DocumentSharpener.Sharpen(history);

    public bool TryStep(DocumentModelState state, DocumentOperation operation, out DocumentModelState next)
    {
        var (action, answer) = (operation.Input, operation.Output);
        next = state;
        switch (action.Kind)
        {
            case var _ when IsMute(operation):
                return true;
            case DocumentActionKind.Get:
                return answer is null || TryFind(state, answer, out next);
            case DocumentActionKind.Swap when state.Value != action.Expected:
                return answer is null or { Outcome: DocumentOutcome.Refused };
            case DocumentActionKind.Delete when state.Value is null:
                return answer is null or { Outcome: DocumentOutcome.Absent };
            default:
                return Fits(state, action, answer?.Outcome) && TryWrite(state, action.Value, answer?.Version, out next);
        }
    }

    private static bool TryFind(DocumentModelState state, DocumentAnswer answer, out DocumentModelState next)
    {
        next = state;
        if (answer.Value != state.Value || (answer.Outcome == DocumentOutcome.Found) != (state.Value is not null))
        {
            return false;
        }

        // What does not exist has no version that lasts: it may be forgotten with the deletion.
        if (state.Value is null || answer.Version is not { } version)
        {
            return true;
        }

        next = state with { Version = version, IsExact = true };
        return state.IsExact ? version == state.Version : IsLater(version, state.Version);
    }

    /// <summary>Whether a write may be answered so. One that reports nothing fits everywhere.</summary>
    private static bool Fits(DocumentModelState state, DocumentAction action, DocumentOutcome? outcome) => outcome switch
    {
        null => true,
        DocumentOutcome.Deleted => action.Kind == DocumentActionKind.Delete,
        DocumentOutcome.Created => action.Kind != DocumentActionKind.Delete && state.Value is null,
        DocumentOutcome.Replaced => action.Kind != DocumentActionKind.Delete && state.Value is not null,
        DocumentOutcome.Written => action.Kind != DocumentActionKind.Delete,
        _ => false,
    };

    private static bool TryWrite(DocumentModelState state, string? value, RecordVersion? version, out DocumentModelState next)
    {
        next = new(value, version ?? state.Version, version is not null && value is not null);
        return version is not { } told || IsLater(told, state.Version);
    }

    private static bool IsLater(RecordVersion version, RecordVersion than) => version.Epoch >= than.Epoch && version.Position > than.Position;
}
