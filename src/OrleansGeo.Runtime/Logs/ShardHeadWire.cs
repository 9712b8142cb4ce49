using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Logs;

/// <summary>What a recovery must know of a <see cref="ShardHead"/>, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.shardhead")]
internal readonly record struct ShardHeadWire(
    [property: Id(0)] string PromisedRegion,
    [property: Id(1)] long PromisedEpoch,
    [property: Id(2)] long Last,
    [property: Id(3)] long Trimmed,
    [property: Id(4)] long Checkpoint,
    [property: Id(5)] EpochStartWire[] Epochs,
    [property: Id(6)] bool Copying)
{
    public static ShardHeadWire From(ShardHead head) => new(
        head.Promised.Region.Name,
        head.Promised.Epoch,
        head.Last.Value,
        head.Trimmed.Value,
        head.Checkpoint.Value,
        [.. head.Epochs.Starts.Select(static start => new EpochStartWire(start.Epoch, start.Start.Value))],
        head.Copying);

    public ShardHead ToHead() => new()
    {
        Promised = PromisedRegion.Length == 0 ? default : new(new RegionId(PromisedRegion), PromisedEpoch),
        Last = new(Last),
        Trimmed = new(Trimmed),
        Checkpoint = new(Checkpoint),
        Epochs = new([.. Epochs.Select(static start => new EpochStart(start.Epoch, new(start.Start)))]),
        Copying = Copying,
    };
}
