using System.Globalization;
using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Bytes in an entity: spread over properties, and over several entities where one cannot hold them.</summary>
internal static class Payload
{
    /// <summary>Bytes that one entity takes: below <see cref="TableLimits.EntityBytes"/> also as base64, by which an emulator counts them.</summary>
    public const int EntityBytes = PropertyBytes * Properties;

    private const int PropertyBytes = 60 * 1024;
    private const int Properties = 12;

    /// <summary>How many entities hold so many bytes; at least one.</summary>
    public static int Parts(int bytes) => Math.Max(1, (bytes + EntityBytes - 1) / EntityBytes);

    /// <summary>The bytes of one of the entities.</summary>
    public static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, int part)
    {
        var rest = bytes[(part * EntityBytes)..];
        return rest[..Math.Min(rest.Length, EntityBytes)];
    }

    public static void Put(TableEntity entity, ReadOnlySpan<byte> bytes, string prefix = "D")
    {
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var length = Math.Min(bytes.Length, PropertyBytes);
            entity[Name(prefix, i)] = bytes[..length].ToArray();
            bytes = bytes[length..];
        }
    }

    public static byte[] Take(TableEntity entity, string prefix = "D") => Take([entity], prefix);

    public static byte[] Take(IReadOnlyList<TableEntity> parts, string prefix = "D")
    {
        var pieces = new List<byte[]>();
        foreach (var part in parts)
        {
            for (var i = 0; part.TryGetValue(Name(prefix, i), out var value) && value is byte[] piece; i++)
            {
                pieces.Add(piece);
            }
        }

        if (pieces.Count == 1)
        {
            return pieces[0];
        }

        var bytes = new byte[pieces.Sum(static piece => piece.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(bytes, at);
            at += piece.Length;
        }

        return bytes;
    }

    private static string Name(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{index:00}");
}
