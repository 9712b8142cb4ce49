using OrleansGeo.Protocol.Logs;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>Operations written down by hand: when from, when to, what.</summary>
internal static class HandHistory
{
    public static DocumentOperation Put(int from, int to, string value, RecordVersion? version = null) =>
        Done(from, to, new(DocumentActionKind.Put, value), new(DocumentOutcome.Written, Version: version));

    public static DocumentOperation Get(int from, int to, string? value, RecordVersion? version = null) =>
        Done(from, to, new(DocumentActionKind.Get), new(value is null ? DocumentOutcome.Absent : DocumentOutcome.Found, value, version));

    public static DocumentOperation Swap(int from, int to, string? expected, string value) =>
        Done(from, to, new(DocumentActionKind.Swap, value, expected), new(DocumentOutcome.Written));

    public static DocumentOperation SwapRefused(int from, int to, string? expected, string value) =>
        Done(from, to, new(DocumentActionKind.Swap, value, expected), new(DocumentOutcome.Refused));

    public static DocumentOperation Delete(int from, int to) =>
        Done(from, to, new(DocumentActionKind.Delete), new(DocumentOutcome.Deleted));

    public static DocumentOperation UnknownPut(int from, string value) => Unknown(from, new(DocumentActionKind.Put, value));

    public static DocumentOperation UnknownSwap(int from, string? expected, string value) => Unknown(from, new(DocumentActionKind.Swap, value, expected));

    public static DocumentOperation UnknownDelete(int from) => Unknown(from, new(DocumentActionKind.Delete));

    public static RecordVersion Version(long epoch, long position) => new(epoch, new(position));

    public static Verdict<DocumentAction, DocumentAnswer> Check(IEnumerable<DocumentOperation> history) =>
        LinearizabilityChecker.Check(new DocumentModel(), history);

    private static DocumentOperation Done(int from, int to, DocumentAction action, DocumentAnswer answer) => new(from, "doc", from, to, action, answer);

    private static DocumentOperation Unknown(int from, DocumentAction action) => new(from, "doc", from, HistoryClock.Never, action, null);
}
