using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Replication;

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
    public CopyFinishWire? Finish { get; init; }

    public static CopyMessageWire From(CopyMessage message) => new()
    {
        Region = message.Token.Region.Name,
        Epoch = message.Token.Epoch,
        Copy = message.Copy,
        Page = message.Page,
        States =
        [
            .. message.Entities.Zip(message.Records).SelectMany(static pair => pair.Second.States.Select(state =>
                new CopyStateWire(pair.First, state.Name, state.Version.Epoch, state.Version.Position.Value, state.Bytes?.ToArray()))),
        ],
        Finish = message.Finish is { } finish
            ? new(finish.Trimmed.Value, finish.Checkpoint.Value, [.. finish.Epochs.Starts.Select(static start => new EpochStartWire(start.Epoch, start.Start.Value))])
            : null,
    };

    public CopyMessage ToMessage()
    {
        var entities = States.GroupBy(static state => state.Entity, StringComparer.Ordinal).ToList();
        return new(
            new(new RegionId(Region), Epoch),
            Copy,
            Page,
            [.. entities.Select(static entity => entity.Key)],
            [.. entities.Select(static entity => new EntityRecord([.. entity.Select(static state => state.ToRecord())]))],
            Finish?.ToFinish());
    }
}
