using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Logs;

/// <summary><see cref="CopyMessage"/> as it travels: states in order of their entities.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.copy")]
internal sealed class CopyMessageWire
{
    [Id(0)]
    public string Region { get; init; } = "";

    [Id(1)]
    public long Epoch { get; init; }

    [Id(2)]
    public Guid Copy { get; init; }

    [Id(3)]
    public int Page { get; init; }

    [Id(4)]
    public CopyStateWire[] States { get; init; } = [];

    [Id(5)]
    public CopyLogWire? Start { get; init; }

    [Id(6)]
    public CopyLogWire? Finish { get; init; }

    public static CopyMessageWire From(CopyMessage message) => new()
    {
        Region = message.Token.Region.Name,
        Epoch = message.Token.Epoch,
        Copy = message.Copy,
        Page = message.Page,
        States =
        [
            .. message.Entities.Zip(message.Records, static (entity, record) => new StoredRecord(entity, record)).SelectMany(CopyStateWire.From),
        ],
        Start = message.Start is { } start ? CopyLogWire.From(start.Trimmed, start.Last, start.Epochs) : null,
        Finish = message.Finish is { } finish ? CopyLogWire.From(finish.Trimmed, finish.Checkpoint, finish.Epochs) : null,
    };

    public CopyMessage ToMessage()
    {
        var records = CopyStateWire.ToRecords(States);
        return new(
            new(new RegionId(Region), Epoch),
            Copy,
            Page,
            [.. records.Select(static record => record.Entity)],
            [.. records.Select(static record => record.Record)],
            Start is { } start ? new(new(start.Trimmed), new(start.Position), start.ToEpochs()) : null,
            Finish is { } finish ? new(new(finish.Trimmed), new(finish.Position), finish.ToEpochs()) : null);
    }
}
