using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Errors;

namespace OrleansGeo.Runtime.Shards.Records;

/// <summary>
/// The pinned entities of a shard's keys, for listing them: a record of its own for each, beside the entity's. That an entity is elsewhere stands in the entity's
/// own record (<see cref="Residence"/>); a listing that read those would have to read every entity.
/// </summary>
internal static class PinRecords
{
    /// <summary>What the names of these records begin with; what follows is the entity.</summary>
    public const string Prefix = "orleansgeo.pins/";

    /// <summary>Their only state.</summary>
    public const string StateName = "pin";

    /// <summary>The pins of a shard's keys as this region shows them, by entity.</summary>
    /// <exception cref="ShardClosedException">The shard stopped acting here.</exception>
    public static async Task<List<(string Entity, Residence Pin)>> ReadAsync(Shard shard, CancellationToken cancellationToken) =>
    [
        .. (await shard.ReadAsync(Prefix, cancellationToken))
            .Select(static record => (Entity: record.Key[Prefix.Length..], record.Value.Find(StateName)?.Bytes))
            .Where(static pin => pin.Bytes is not null)
            .OrderBy(static pin => pin.Entity, StringComparer.Ordinal)
            .Select(static pin => (pin.Entity, ResidenceCodec.Decode(pin.Bytes!.Value))),
    ];

    /// <summary>Whether an entry is a step of a move, which is made again if it is lost, and no write of anybody's.</summary>
    public static bool IsStep(LogEntry entry) =>
        entry.Entity.StartsWith(Prefix, StringComparison.Ordinal) || entry.Changes.Any(static change => change.Name == Residence.StateName);
}
