using OrleansGeo.Simulation;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>Makes a linearizable history one that provably is not, by a change of a single answer. Relies on every value being written once.</summary>
internal static class Corruption
{
    private static readonly Func<List<DocumentOperation>, IEnumerable<(DocumentOperation Was, DocumentOperation Is)>>[] Kinds =
        [OfValues, OfAge, OfPresence, OfRefusals, OfVersions];

    /// <summary>Null when nothing in the history can be spoiled.</summary>
    public static List<DocumentOperation>? Spoil(List<DocumentOperation> history, Chance chance)
    {
        var first = chance.Below(Kinds.Length);
        for (var i = 0; i < Kinds.Length; i++)
        {
            var changes = Kinds[(first + i) % Kinds.Length](history).ToList();
            if (changes.Count > 0)
            {
                var (was, becomes) = chance.Pick(changes);
                return [.. history.Select(operation => ReferenceEquals(operation, was) ? becomes : operation)];
            }
        }

        return null;
    }

    /// <summary>A read finds what nobody ever wrote.</summary>
    private static IEnumerable<(DocumentOperation Was, DocumentOperation Is)> OfValues(List<DocumentOperation> history) =>
        Found(history).Select(static read => (read, Finding(read, "never written")));

    /// <summary>A read finds a value whose write had returned before that of another began, which had returned before the read began.</summary>
    private static IEnumerable<(DocumentOperation Was, DocumentOperation Is)> OfAge(List<DocumentOperation> history) =>
        from read in Found(history)
        from newer in Written(history)
        where newer.Returned < read.Invoked
        from older in Written(history).Where(older => older.Returned < newer.Invoked).TakeLast(1)
        select (read, Finding(read, older.Input.Value!));

    /// <summary>A read finds nothing after a write, and nobody ever deletes.</summary>
    private static IEnumerable<(DocumentOperation Was, DocumentOperation Is)> OfPresence(List<DocumentOperation> history) =>
        history.Exists(static operation => operation.Input.Kind == DocumentActionKind.Delete)
            ? []
            : from read in Found(history)
              where Written(history).Any(write => write.Returned < read.Invoked)
              select (read, read with { Output = new(DocumentOutcome.Absent) });

    /// <summary>A second swap replaces the same value.</summary>
    private static IEnumerable<(DocumentOperation Was, DocumentOperation Is)> OfRefusals(List<DocumentOperation> history) =>
        from refused in history
        where refused.Output?.Outcome == DocumentOutcome.Refused && refused.Input.Expected is not null
        where Written(history).Any(swap => swap.Input.Kind == DocumentActionKind.Swap && swap.Input.Expected == refused.Input.Expected)
        select (refused, refused with { Output = new(DocumentOutcome.Written) });

    /// <summary>A write is told a version that another, which began after it had returned, passed already.</summary>
    private static IEnumerable<(DocumentOperation Was, DocumentOperation Is)> OfVersions(List<DocumentOperation> history) =>
        from later in Written(history)
        where later.Output!.Version is not null
        from earlier in Written(history).Where(earlier => earlier.Returned < later.Invoked).TakeLast(1)
        select (later, later with { Output = later.Output! with { Version = earlier.Output!.Version } });

    private static IEnumerable<DocumentOperation> Found(List<DocumentOperation> history) =>
        history.Where(static operation => operation.Output?.Outcome == DocumentOutcome.Found);

    private static IEnumerable<DocumentOperation> Written(List<DocumentOperation> history) =>
        history.Where(static operation => operation.Output?.Outcome is DocumentOutcome.Created or DocumentOutcome.Replaced);

    private static DocumentOperation Finding(DocumentOperation read, string value) => read with { Output = new(DocumentOutcome.Found, value) };
}
