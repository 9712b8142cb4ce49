using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Logs;

/// <summary>The one rule by which every store accepts an append. Stores evaluate it inside the transaction that appends.</summary>
/// <remarks>
/// A short append never cuts: rows that are already there are skipped. Only <see cref="AppendVerdict.Conflict"/> leads to a cut,
/// which is a step of its own, so that what it removes is in the ledger first.
/// </remarks>
public static class AppendFence
{
    /// <param name="head">The shard as stored.</param>
    /// <param name="token">Who appends.</param>
    /// <param name="previous">The entry before the rows.</param>
    /// <param name="previousEpoch">The epoch of that entry; 0 before the log.</param>
    /// <param name="rows">Consecutive rows.</param>
    /// <param name="firstMissing">Index of the first row that is not stored yet; the number of rows when all are.</param>
    public static AppendVerdict Check(
        ShardHead head, FencingToken token, LogPosition previous, long previousEpoch, ImmutableArray<LogRow> rows, out int firstMissing)
    {
        firstMissing = rows.Length;
        if (token.IsFencedBy(head.Promised))
        {
            return AppendVerdict.Fenced;
        }

        if (head.Copying)
        {
            return AppendVerdict.Copying;
        }

        if (previous > head.Last)
        {
            return AppendVerdict.Gap;
        }

        if (previous > head.Trimmed && head.Epochs.EpochAt(previous) != previousEpoch)
        {
            return AppendVerdict.Conflict;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row.First > head.Last)
            {
                firstMissing = i;
                return AppendVerdict.Stored;
            }

            if (row.Last > head.Trimmed && head.Epochs.EpochAt(row.First) != row.Epoch)
            {
                return AppendVerdict.Conflict;
            }
        }

        return AppendVerdict.Stored;
    }

    /// <summary>
    /// Whether rows that <see cref="Check"/> skips are other rows than those that stand there (invariant 1). A store asks this before it says
    /// <see cref="AppendVerdict.Stored"/> and says <see cref="AppendVerdict.Diverged"/> instead: without it, the second of two activations of a home
    /// would be told that its row is stored when the first one's is.
    /// </summary>
    /// <param name="trimmed">Rows up to here are gone and cannot be compared.</param>
    /// <param name="rows">The rows of the append.</param>
    /// <param name="firstMissing">How many of them are skipped.</param>
    /// <param name="find">The stored row that begins at a position; null when none does.</param>
    public static bool Diverges(LogPosition trimmed, ImmutableArray<LogRow> rows, int firstMissing, Func<LogPosition, LogRow?> find)
    {
        for (var i = 0; i < firstMissing; i++)
        {
            if (rows[i].Last > trimmed
                && (find(rows[i].First) is not { } stored || stored.Last != rows[i].Last || !stored.Bytes.Span.SequenceEqual(rows[i].Bytes.Span)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The head after the rows from <paramref name="firstMissing"/> on were stored under <paramref name="token"/>.</summary>
    public static ShardHead Advance(ShardHead head, FencingToken token, ImmutableArray<LogRow> rows, int firstMissing)
    {
        var epochs = head.Epochs;
        var last = head.Last;
        for (var i = firstMissing; i < rows.Length; i++)
        {
            if (rows[i].First != last.Next)
            {
                throw new InvalidOperationException($"Rows are not consecutive: {rows[i].First} after {last}.");
            }

            epochs = epochs.Append(rows[i].Epoch, rows[i].First);
            last = rows[i].Last;
        }

        return head with { Promised = token, Last = last, Epochs = epochs };
    }
}
