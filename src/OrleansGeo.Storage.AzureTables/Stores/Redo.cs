using System.Collections.Immutable;
using System.Text;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Changes of records that are written together, packed into few rows, before each goes to its own.</summary>
internal sealed class Redo
{
    private Redo(Guid tag, SortedDictionary<string, EntityRecord> records)
    {
        Tag = tag;
        Records = records;
    }

    public Guid Tag { get; }

    /// <summary>By entity, in ordinal order.</summary>
    public SortedDictionary<string, EntityRecord> Records { get; }

    public RecordVersion Newest => Records.Values.Aggregate(default(RecordVersion), static (newest, record) => record.Version > newest ? record.Version : newest);

    /// <summary>Of several versions of one state the newest, and of equal ones the last.</summary>
    public static Redo Of(IEnumerable<StoredRecord> changes)
    {
        var records = new SortedDictionary<string, EntityRecord>(StringComparer.Ordinal);
        foreach (var (entity, record) in changes)
        {
            // One state after the other: a record may name one twice.
            foreach (var state in record.States)
            {
                records[entity] = new EntityRecord([state]).Over(records.GetValueOrDefault(entity, EntityRecord.Empty));
            }
        }

        return new(Guid.NewGuid(), records);
    }

    /// <summary>As rows, to be read by <see cref="Read"/>.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="version">The version of the head on which they are based.</param>
    public List<TableTransactionAction> Write(ShardId shard, long version)
    {
        var bytes = Encode();
        var rows = new List<TableTransactionAction>();
        for (var part = 0; part < Payload.Parts(bytes.Length); part++)
        {
            var row = new TableEntity(StoreKeys.Partition(shard), StoreKeys.Redo(version, Tag, part))
            {
                ["Sum"] = ChecksumOf(shard, Tag, part, Payload.Part(bytes, part)),
            };
            Payload.Put(row, Payload.Part(bytes, part));

            // Nobody else has these keys, and a repetition must not fail on itself.
            rows.Add(new(TableTransactionActionType.UpsertReplace, row));
        }

        return rows;
    }

    public static Redo Read(ShardId shard, Guid tag, IReadOnlyList<TableEntity> rows, StoreFailures failures)
    {
        for (var part = 0; part < rows.Count; part++)
        {
            if (rows[part].GetInt64("Sum") != ChecksumOf(shard, tag, part, Payload.Take(rows[part])))
            {
                throw failures.Corrupt($"pending records of shard {shard} fail their checksum");
            }
        }

        return new(tag, Decode(Payload.Take(rows)));
    }

    private byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Records.Count);
        foreach (var (entity, record) in Records)
        {
            WriteText(writer, entity);
            writer.Write(record.States.Length);
            foreach (var state in record.States)
            {
                WriteText(writer, state.Name);
                writer.Write(state.Version.Epoch);
                writer.Write(state.Version.Position.Value);
                writer.Write(state.Bytes?.Length ?? -1);
                writer.Write((state.Bytes ?? default).Span);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static SortedDictionary<string, EntityRecord> Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var records = new SortedDictionary<string, EntityRecord>(StringComparer.Ordinal);
        for (var i = reader.ReadInt32(); i > 0; i--)
        {
            var entity = ReadText(reader);
            var states = ImmutableArray.CreateBuilder<StateRecord>();
            for (var j = reader.ReadInt32(); j > 0; j--)
            {
                var name = ReadText(reader);
                var version = new RecordVersion(reader.ReadInt64(), new(reader.ReadInt64()));
                var length = reader.ReadInt32();
                states.Add(new(name, version, length < 0 ? default(ReadOnlyMemory<byte>?) : reader.ReadBytes(length)));
            }

            records.Add(entity, new(states.DrainToImmutable()));
        }

        return records;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var units = KeyText.Units(text);
        writer.Write(units.Length);
        writer.Write(units);
    }

    private static string ReadText(BinaryReader reader) => KeyText.OfUnits(reader.ReadBytes(reader.ReadInt32()));

    private static long ChecksumOf(ShardId shard, Guid tag, int part, ReadOnlySpan<byte> bytes) =>
        Checksum.Of(bytes, Checksum.Of(shard.Name), Checksum.Of(tag.ToByteArray()), part);
}
