using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>Positions in row shards, by the shards' indexes.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.rowpositions")]
internal sealed record RowPositions([property: Id(0)] int[] Shards, [property: Id(1)] long[] Epochs, [property: Id(2)] long[] Positions)
{
    public static RowPositions Empty { get; } = new([], [], []);

    public static RowPositions Of<TShard>(ShardMap map, IEnumerable<TShard> shards, Func<TShard, RecordVersion> position)
        where TShard : Shard
    {
        var rows = shards.Select(shard => (Index: map.IndexOf(shard.Id), Shard: shard)).Where(row => map.IsRow(row.Index)).Select(row => (row.Index, Version: position(row.Shard))).ToList();
        return new([.. rows.Select(static row => row.Index)], [.. rows.Select(static row => row.Version.Epoch)], [.. rows.Select(static row => row.Version.Position.Value)]);
    }

    public RowPositions With(RowPositions other) => new([.. Shards, .. other.Shards], [.. Epochs, .. other.Epochs], [.. Positions, .. other.Positions]);

    public RecordVersion? Find(int shard) => Array.IndexOf(Shards, shard) is var at and >= 0 ? new(Epochs[at], new(Positions[at])) : null;
}
