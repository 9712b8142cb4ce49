using System.Collections.Immutable;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Types;

/// <summary>The types as their register holds them.</summary>
internal static class RecordedTypesCodec
{
    private const byte Format = 1;

    public static byte[] Encode(RecordedTypes types)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt(types.Count);
        foreach (var choices in types.All)
        {
            writer.Write(choices.Type);
            writer.Write((byte)choices.Durability);
            writer.Write(choices.IsMultiWriter);
            writer.Write(choices.HomePolicy);
        }

        writer.Flush();
        return RegisterValue.Seal(Format, stream);
    }

    /// <summary>The types; of a register that was never written, none.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    public static RecordedTypes Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return RecordedTypes.Empty;
        }

        using var reader = RegisterValue.Open(Format, bytes, "register of grain types");
        var types = ImmutableSortedDictionary.CreateBuilder<string, TypeChoices>(StringComparer.Ordinal);
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var choices = new TypeChoices(reader.ReadString(), (ShardFamily)reader.ReadByte(), reader.ReadBoolean(), reader.ReadString());
            types.Add(choices.Type, choices);
        }

        return new(types.ToImmutable());
    }
}
