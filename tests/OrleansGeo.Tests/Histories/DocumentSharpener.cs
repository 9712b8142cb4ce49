using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>Concludes from one key's other operations what became of those whose outcome nobody was told.</summary>
/// <remarks>
/// Every unknown outcome doubles what a search may have to try, for ever. But a value that is written once and was seen has been written
/// before it was seen first; and after every write that had returned before it was seen last, because it was not overwritten in between.
/// Values that nobody saw are all alike. The history is linearizable if, and only if, it was before.
/// </remarks>
internal sealed class DocumentSharpener
{
    private const string Unseen = "an unseen value";

    private readonly ILookup<string, DocumentOperation> _writers;
    private readonly ILookup<string, DocumentOperation> _seers;
    private readonly HashSet<string> _expected;
    private readonly (long Returned, long LastInvoked)[] _writes;

    private DocumentSharpener(IReadOnlyList<DocumentOperation> history)
    {
        _writers = history.Where(static operation => operation.Input.Value is not null).ToLookup(static operation => operation.Input.Value!);
        _seers = history.Where(static operation => ValueSeenBy(operation) is not null).ToLookup(static operation => ValueSeenBy(operation)!);
        _expected = [.. history.Select(static operation => operation.Input.Expected).OfType<string>()];
        _writes = [.. history.Where(IsWrite).OrderBy(static write => write.Returned).Select(static write => (write.Returned, write.Invoked))];
        for (var i = 1; i < _writes.Length; i++)
        {
            _writes[i].LastInvoked = Math.Max(_writes[i].LastInvoked, _writes[i - 1].LastInvoked);
        }
    }

    /// <summary>The same operations, in the same order.</summary>
    public static DocumentOperation[] Sharpen(IReadOnlyList<DocumentOperation> history)
    {
        var sharpener = new DocumentSharpener(history);
        return [.. history.Select(operation => operation.IsUnknown && operation.Input.Value is { } value ? sharpener.Sharpen(operation, value) : operation)];
    }

    private DocumentOperation Sharpen(DocumentOperation unknown, string value)
    {
        if (_writers[value].Skip(1).Any())
        {
            return unknown;
        }

        if (!_seers[value].Any())
        {
            return _expected.Contains(value) ? unknown : unknown with { Input = unknown.Input with { Value = Unseen, ExpectedVersion = null } };
        }

        var seen = _seers[value].Min(static seer => seer.Returned);
        var invoked = Math.Max(unknown.Invoked, LastWriteBefore(_seers[value].Max(static seer => seer.Invoked)));
        var version = _seers[value].Select(static seer => seer.Output!.Outcome == DocumentOutcome.Found ? seer.Output.Version : null).FirstOrDefault(static version => version is not null);
        return seen < invoked ? unknown : unknown with { Invoked = invoked, Returned = seen, Output = new(DocumentOutcome.Written, Version: version) };
    }

    /// <summary>The latest invocation of a write that had returned by then.</summary>
    private long LastWriteBefore(long time)
    {
        var (low, high) = (0, _writes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _writes[middle].Returned < time ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : _writes[low - 1].LastInvoked;
    }

    /// <summary>The value that was there when it took effect, for certain.</summary>
    private static string? ValueSeenBy(DocumentOperation operation) => operation switch
    {
        { IsUnknown: true } => null,
        _ when DocumentModel.IsMute(operation) => null,
        { Input.Kind: DocumentActionKind.Get } => operation.Output!.Value,
        { Input.Kind: DocumentActionKind.Swap, Output.Outcome: not DocumentOutcome.Refused } => operation.Input.Expected,
        _ => null,
    };

    private static bool IsWrite(DocumentOperation operation) => operation.Output?.Outcome
        is DocumentOutcome.Created or DocumentOutcome.Replaced or DocumentOutcome.Written or DocumentOutcome.Deleted;
}
