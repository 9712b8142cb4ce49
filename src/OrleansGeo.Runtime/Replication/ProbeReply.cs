namespace OrleansGeo.Runtime.Replication;

/// <summary>Where logs stand at their home: of each shard that acts there its index, epoch and acknowledged position. Three arrays, because a probe is sent often.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.probereply")]
internal sealed record ProbeReply([property: Id(0)] int[] Shards, [property: Id(1)] long[] Epochs, [property: Id(2)] long[] Positions)
{
    public static ProbeReply Empty { get; } = new([], [], []);

    public ProbeReply With(ProbeReply other) => new([.. Shards, .. other.Shards], [.. Epochs, .. other.Epochs], [.. Positions, .. other.Positions]);
}
