using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Runtime.Replication;

/// <summary><see cref="CopyFinish"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.copyfinish")]
internal sealed record CopyFinishWire([property: Id(0)] long Trimmed, [property: Id(1)] long Checkpoint, [property: Id(2)] EpochStartWire[] Epochs)
{
    public CopyFinish ToFinish() => new(new(Trimmed), new(Checkpoint), new([.. Epochs.Select(static start => new EpochStart(start.Epoch, new(start.Start)))]));
}
