namespace OrleansGeo.Runtime.Freshness;

/// <summary>Where logs stand at their home: of each shard that acts there its index, epoch and acknowledged position. Three arrays, because a probe is sent often.</summary>
/// <param name="Shards">The shards' indexes.</param>
/// <param name="Epochs">Of their homes.</param>
/// <param name="Positions">Up to where, at most, they were acknowledged.</param>
/// <param name="Rows">What the region shows of the rows of multi-writer entities, and where its own stand.</param>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.probereply")]
internal sealed record ProbeReply(
    [property: Id(0)] int[] Shards, [property: Id(1)] long[] Epochs, [property: Id(2)] long[] Positions, [property: Id(3)] RowPositions Rows)
{
    public static ProbeReply Empty { get; } = new([], [], [], RowPositions.Empty);

    /// <summary>Both answers. Two silos that each take a shard for theirs say where it stands: the later one counts, or what the earlier one lacks would be called fresh.</summary>
    public ProbeReply With(ProbeReply other)
    {
        var known = new Dictionary<int, (long Epoch, long Position)>(Shards.Length + other.Shards.Length);
        foreach (var (shard, position) in Each().Concat(other.Each()))
        {
            known[shard] = known.TryGetValue(shard, out var before) && before.CompareTo(position) > 0 ? before : position;
        }

        return new([.. known.Keys], [.. known.Values.Select(static at => at.Epoch)], [.. known.Values.Select(static at => at.Position)], Rows.With(other.Rows));
    }

    private IEnumerable<(int Shard, (long Epoch, long Position))> Each() => Shards.Zip(Epochs.Zip(Positions));
}
