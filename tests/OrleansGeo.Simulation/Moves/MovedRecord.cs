using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Moves;

/// <summary>What a shard's record of an entity says of its moves, as this run's shards are numbered.</summary>
internal static class MovedRecord
{
    /// <summary>An answer that is based on a shard's record.</summary>
    public static SimReply Stamp(SimWorld world, SimReply reply, int shard, RecordVersion version, EntityRecord record) => Residence.Of(record) is { } residence
        ? reply with { Version = Max(version, record.Residence!.Version), Place = new(shard, residence.Owned), Seen = Via(world, residence) }
        : reply with { Version = version, Place = new(shard) };

    public static ImmutableArray<(int Shard, RecordVersion Version)> Via(SimWorld world, Residence residence) =>
        [.. residence.Via.Select(via => (world.ShardAt(via.Shard), via.Left))];

    /// <summary>What was remembered elsewhere took effect before the entity came here.</summary>
    private static RecordVersion Max(RecordVersion one, RecordVersion other) => one > other ? one : other;
}
