using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Sessions;

/// <summary><see cref="SessionFloors"/> as bytes.</summary>
internal static class SessionFloorsCodec
{
    private const byte Format = 1;

    public static byte[] Encode(SessionFloors floors)
    {
        using var stream = new MemoryStream(8 + (floors.All.Length * 12));
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        writer.Write(floors.HasForgotten);
        writer.Write((byte)floors.All.Length);
        foreach (var (shard, version) in floors.All)
        {
            writer.Write7BitEncodedInt(shard);
            writer.Write7BitEncodedInt64(version.Epoch);
            writer.Write7BitEncodedInt64(version.Position.Value);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    public static SessionFloors Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            if (reader.ReadByte() is var format && format != Format)
            {
                throw new FormatException($"format {format} is of a newer version, here is {Format}");
            }

            var hasForgotten = reader.ReadBoolean();
            var floors = new SessionFloor[reader.ReadByte()];
            for (var i = 0; i < floors.Length; i++)
            {
                floors[i] = new(reader.Read7BitEncodedInt(), new(reader.Read7BitEncodedInt64(), new(reader.Read7BitEncodedInt64())));
            }

            return reader.BaseStream.Position == bytes.Length
                ? SessionFloors.Of(ImmutableArray.Create(floors), hasForgotten)
                : throw new FormatException("there is more than it should have");
        }
        catch (EndOfStreamException exception)
        {
            throw new FormatException("it ends too early", exception);
        }
    }
}
