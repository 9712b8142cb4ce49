using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Runtime.Logs;

/// <summary><see cref="CopyStart"/> or <see cref="CopyFinish"/> as it travels: the position is the home's last entry, or its checkpoint.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.copylog")]
internal sealed record CopyLogWire([property: Id(0)] long Trimmed, [property: Id(1)] long Position, [property: Id(2)] EpochStartWire[] Epochs)
{
    public static CopyLogWire From(LogPosition trimmed, LogPosition position, EpochTable epochs) =>
        new(trimmed.Value, position.Value, [.. epochs.Starts.Select(static start => new EpochStartWire(start.Epoch, start.Start.Value))]);

    public EpochTable ToEpochs() => new([.. Epochs.Select(static start => new EpochStart(start.Epoch, new(start.Start)))]);
}
