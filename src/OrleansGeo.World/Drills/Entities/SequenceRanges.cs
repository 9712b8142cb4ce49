namespace OrleansGeo.World.Drills.Entities;

/// <summary>A history of sequence numbers, short as long as they come in order.</summary>
internal static class SequenceRanges
{
    public const int MaxRanges = 1024;

    /// <returns>False, and nothing is added, when the history would become too long.</returns>
    public static bool TryAppend(List<SequenceRange> history, long sequence)
    {
        if (history.Count > 0 && history[^1].To + 1 == sequence)
        {
            history[^1] = history[^1] with { To = sequence };
            return true;
        }

        if (history.Count == MaxRanges)
        {
            return false;
        }

        history.Add(new(sequence, sequence));
        return true;
    }

    /// <summary>Every number in the order in which it was recorded.</summary>
    public static IEnumerable<long> Expand(IEnumerable<SequenceRange> history)
    {
        foreach (var range in history)
        {
            for (var sequence = range.From; sequence <= range.To; sequence++)
            {
                yield return sequence;
            }
        }
    }
}
