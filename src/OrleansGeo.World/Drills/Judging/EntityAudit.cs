using System.Collections.Immutable;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Entities;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>Compares what one entity shows with what its callers were told.</summary>
internal static class EntityAudit
{
    /// <param name="region">Through which it was read.</param>
    /// <param name="target">The entity.</param>
    /// <param name="writes">Every write to it, in the order in which each writer made them.</param>
    /// <param name="view">What it shows.</param>
    public static AuditFindings Check(string region, DrillTarget target, IEnumerable<WriteRecord> writes, DrillView view)
    {
        var findings = AuditFindings.None;
        var recorded = view.Writers.ToDictionary(static writer => writer.Writer, static writer => SequenceRanges.Expand(writer.Ranges).ToList());
        foreach (var writer in writes.GroupBy(static write => write.Writer))
        {
            recorded.Remove(writer.Key.Name, out var shown);
            findings = findings.And(Check($"{target.Id} through {region}, writer {writer.Key.Name}", [.. writer], shown ?? []));
        }

        return recorded.Count == 0 ? findings
            : findings.And(new([], [$"{target.Id} through {region} shows writers that never wrote to it: {string.Join(", ", recorded.Keys)}."]));
    }

    private static AuditFindings Check(string where, IReadOnlyList<WriteRecord> writes, List<long> shown)
    {
        var there = shown.ToHashSet();
        var wrong = ImmutableArray.CreateBuilder<string>();
        if (shown.Count != there.Count)
        {
            wrong.Add($"{where}: recorded more than once: {Few(shown.CountBy(static sequence => sequence).Where(static count => count.Value > 1).Select(static count => count.Key))}.");
        }

        // An error that says that nothing happened must be true (invariant 8).
        var refused = writes.Where(static write => write.Settled == CallOutcome.Refused).Select(static write => write.Sequence).Where(there.Contains).ToList();
        if (refused.Count > 0)
        {
            wrong.Add($"{where}: refused, and recorded all the same: {Few(refused)}.");
        }

        var sent = writes.Select(static write => write.Sequence).ToHashSet();
        if (there.Except(sent).ToList() is { Count: > 0 } never)
        {
            wrong.Add($"{where}: recorded, and never sent: {Few(never)}.");
        }

        // A writer sends its next number once the last is acknowledged: what was acknowledged at once stands in its order.
        var atOnce = writes.Where(static write => write.Call.IsDone).Select(static write => write.Sequence).ToHashSet();
        var inOrder = shown.Where(atOnce.Contains).Distinct().ToList();
        if (!inOrder.SequenceEqual(inOrder.Order()))
        {
            wrong.Add($"{where}: recorded in another order than acknowledged.");
        }

        return new([.. writes.Where(write => write.Settled == CallOutcome.Done && !there.Contains(write.Sequence))], wrong.ToImmutable());
    }

    private static string Few(IEnumerable<long> sequences)
    {
        const int shown = 5;
        var all = sequences.ToList();
        return all.Count <= shown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(shown))} and {all.Count - shown} more";
    }
}
