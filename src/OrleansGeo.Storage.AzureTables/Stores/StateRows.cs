using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>One state of an entity as a row, or as several where it is large; and a row of its own that finds a cleared one by its position.</summary>
internal static class StateRows
{
    public static IReadOnlyList<string> VersionProperties { get; } = ["PartitionKey", "RowKey", "Epoch", "Position"];

    public static IEnumerable<TableTransactionAction> Write(ShardId shard, long generation, string entity, StateRecord state)
    {
        var partition = StoreKeys.Partition(shard);
        var bytes = state.Bytes ?? default;
        var parts = Payload.Parts(bytes.Length);
        for (var part = 0; part < parts; part++)
        {
            var row = new TableEntity(partition, StoreKeys.State(generation, entity, state.Name, part))
            {
                ["Epoch"] = state.Version.Epoch,
                ["Position"] = state.Version.Position.Value,
            };
            if (part == 0)
            {
                row["Entity"] = KeyText.Units(entity);
                row["State"] = KeyText.Units(state.Name);
                row["Cleared"] = state.Bytes is null;
                row["Parts"] = parts;
                row["Sum"] = ChecksumOf(shard, entity, state);
            }

            Payload.Put(row, Payload.Part(bytes.Span, part));
            yield return new(TableTransactionActionType.UpsertReplace, row);
        }

        if (state.Bytes is null)
        {
            yield return new(TableTransactionActionType.UpsertReplace, Tombstone(shard, generation, entity, state));
        }
    }

    public static TableEntity Tombstone(ShardId shard, long generation, string entity, StateRecord state) =>
        new(StoreKeys.Partition(shard), StoreKeys.Tombstone(generation, state.Version.Position, entity, state.Name))
        {
            ["Entity"] = KeyText.Units(entity),
            ["State"] = KeyText.Units(state.Name),
            ["Epoch"] = state.Version.Epoch,
            ["Position"] = state.Version.Position.Value,
        };

    public static RecordVersion VersionOf(TableEntity row) => new(row.GetInt64("Epoch") ?? -1, new(row.GetInt64("Position") ?? -1));

    public static string EntityOf(TableEntity row) => KeyText.OfUnits(row.GetBinary("Entity") ?? []);

    public static string StateOf(TableEntity row) => KeyText.OfUnits(row.GetBinary("State") ?? []);

    /// <param name="shard">The shard.</param>
    /// <param name="entity">Its entity.</param>
    /// <param name="rows">Rows of one state in order; more than its parts where an earlier version was larger.</param>
    /// <param name="failures">Tells of damage.</param>
    /// <exception cref="RegionStoreException">A part is missing, of another version, or fails its checksum.</exception>
    public static StateRecord Read(ShardId shard, string entity, IReadOnlyList<TableEntity> rows, StoreFailures failures)
    {
        var version = VersionOf(rows[0]);
        var parts = rows.Take(rows[0].GetInt32("Parts") ?? 1).ToList();
        var bytes = Payload.Take(parts);
        var state = new StateRecord(StateOf(rows[0]), version, rows[0].GetBoolean("Cleared") == true ? default(ReadOnlyMemory<byte>?) : bytes);
        return parts.TrueForAll(part => VersionOf(part) == version) && ChecksumOf(shard, entity, state) == rows[0].GetInt64("Sum")
            ? state
            : throw failures.Corrupt($"the state {state.Name} of {entity} in shard {shard} fails its checksum");
    }

    private static long ChecksumOf(ShardId shard, string entity, StateRecord state) => Checksum.Of(
        (state.Bytes ?? default).Span,
        Checksum.Of(shard.Name), Checksum.Of(entity), Checksum.Of(state.Name), state.Version.Epoch, state.Version.Position.Value, state.Bytes is null ? 0 : 1);
}
