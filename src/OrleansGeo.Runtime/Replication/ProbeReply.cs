namespace OrleansGeo.Runtime.Replication;

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

    public ProbeReply With(ProbeReply other) => new([.. Shards, .. other.Shards], [.. Epochs, .. other.Epochs], [.. Positions, .. other.Positions], Rows.With(other.Rows));
}
