using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Logs;

/// <summary><see cref="AppendMessage"/> as it travels.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.append")]
internal sealed class AppendMessageWire
{
    [Id(0)]
    public string Region { get; init; } = "";

    [Id(1)]
    public long Epoch { get; init; }

    [Id(2)]
    public long Previous { get; init; }

    [Id(3)]
    public long PreviousEpoch { get; init; }

    [Id(4)]
    public LogRowWire[] Rows { get; init; } = [];

    [Id(5)]
    public long Commit { get; init; }

    [Id(6)]
    public long Stable { get; init; }

    [Id(7)]
    public long Trimmed { get; init; }

    /// <summary>To which trace the rows belong; null: none.</summary>
    [Id(8)]
    public string? Trace { get; init; }

    public static AppendMessageWire From(AppendMessage message, string? trace = null) => new()
    {
        Trace = trace,
        Region = message.Token.Region.Name,
        Epoch = message.Token.Epoch,
        Previous = message.Previous.Value,
        PreviousEpoch = message.PreviousEpoch,
        Rows = [.. message.Rows.Select(LogRowWire.From)],
        Commit = message.Commit.Value,
        Stable = message.Stable.Value,
        Trimmed = message.Trimmed.Value,
    };

    public AppendMessage ToMessage() => new(
        new(new RegionId(Region), Epoch),
        new(Previous),
        PreviousEpoch,
        ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(Rows, static row => row.ToRow())),
        new(Commit),
        new(Stable),
        new(Trimmed));
}
