using OrleansGeo.World.Drills.Entities;

namespace OrleansGeo.Tests.World.Drills;

/// <summary>An entity of a <see cref="DrillWorld"/>.</summary>
internal sealed class DrillMemory
{
    private readonly SortedDictionary<string, List<long>> _writers = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    public void Record(string writer, long sequence)
    {
        if (!_writers.TryGetValue(writer, out var recorded))
        {
            _writers.Add(writer, recorded = []);
        }

        recorded.Add(sequence);
        Count++;
    }

    public void Forget(string writer, long sequence) => _writers[writer].Remove(sequence);

    public DrillView View() => new(Count, [.. _writers.Select(static writer => new WriterView(writer.Key, [.. Ranges(writer.Value)]))]);

    private static List<SequenceRange> Ranges(List<long> recorded)
    {
        var ranges = new List<SequenceRange>();
        foreach (var sequence in recorded)
        {
            Assert.True(SequenceRanges.TryAppend(ranges, sequence));
        }

        return ranges;
    }
}
