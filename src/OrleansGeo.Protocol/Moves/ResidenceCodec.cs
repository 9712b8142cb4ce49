using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Moves;

/// <summary><see cref="Residence"/> as the bytes of a state. Shards by name: their indexes change when a world gets a region.</summary>
internal static class ResidenceCodec
{
    private const byte Here = 1;
    private const byte Left = 2;
    private const byte Following = 4;

    public static ReadOnlyMemory<byte> Encode(Residence residence)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((byte)((residence.IsHere ? Here : Left) | (residence.IsFollowing ? Following : 0)));
        writer.Write7BitEncodedInt64(residence.Generation);
        writer.Write(residence.Shard.Name);
        writer.Write(residence.From.Name);
        Write(writer, residence.Via);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="FormatException">It is of a newer version, or damaged.</exception>
    public static Residence Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
            var kind = reader.ReadByte();
            return (kind & ~Following) is Here or Left
                ? new(reader.Read7BitEncodedInt64(), (kind & Here) != 0, new(reader.ReadString()), new(reader.ReadString()), ReadVia(reader), (kind & Following) != 0)
                : throw new FormatException($"Where the entity is, is written in format {kind}, which a newer version made.");
        }
        catch (EndOfStreamException exception)
        {
            throw new FormatException("Where the entity is cannot be read: it ends too early.", exception);
        }
    }

    /// <summary>Without reading the rest.</summary>
    public static bool IsHere(ReadOnlyMemory<byte> bytes) => !bytes.IsEmpty && (bytes.Span[0] & Here) != 0;

    private static void Write(BinaryWriter writer, ImmutableArray<ViaShard> shards)
    {
        writer.Write7BitEncodedInt(shards.Length);
        foreach (var (shard, left, epochs) in shards)
        {
            writer.Write(shard.Name);
            writer.Write7BitEncodedInt64(left.Epoch);
            writer.Write7BitEncodedInt64(left.Position.Value);
            writer.Write7BitEncodedInt(epochs.Starts.Length);
            foreach (var (epoch, start) in epochs.Starts)
            {
                writer.Write7BitEncodedInt64(epoch);
                writer.Write7BitEncodedInt64(start.Value);
            }
        }
    }

    private static ImmutableArray<ViaShard> ReadVia(BinaryReader reader)
    {
        var shards = new ViaShard[reader.Read7BitEncodedInt()];
        for (var i = 0; i < shards.Length; i++)
        {
            var shard = new ShardId(reader.ReadString());
            var left = new RecordVersion(reader.Read7BitEncodedInt64(), new(reader.Read7BitEncodedInt64()));
            var starts = new EpochStart[reader.Read7BitEncodedInt()];
            for (var j = 0; j < starts.Length; j++)
            {
                starts[j] = new(reader.Read7BitEncodedInt64(), new(reader.Read7BitEncodedInt64()));
            }

            shards[i] = new(shard, left, new([.. starts]));
        }

        return [.. shards];
    }
}
