using System.Text;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>Any .NET string as bytes and back, such that bytes sort as <see cref="string.CompareOrdinal(string, string)"/> does.</summary>
/// <remarks>
/// Each UTF-16 unit is encoded by itself as UTF-8 would (known as CESU-8), so a lone surrogate keeps its identity and two keys never
/// become one, as they would under UTF-8's replacement character. ASCII keys read as they are.
/// </remarks>
internal static class KeyCodec
{
    public static byte[] Encode(string key)
    {
        if (Ascii.IsValid(key))
        {
            return Encoding.ASCII.GetBytes(key);
        }

        var bytes = new List<byte>(key.Length * 3);
        foreach (var unit in key)
        {
            if (unit < 0x80)
            {
                bytes.Add((byte)unit);
            }
            else if (unit < 0x800)
            {
                bytes.Add((byte)(0xC0 | (unit >> 6)));
                bytes.Add((byte)(0x80 | (unit & 0x3F)));
            }
            else
            {
                bytes.Add((byte)(0xE0 | (unit >> 12)));
                bytes.Add((byte)(0x80 | ((unit >> 6) & 0x3F)));
                bytes.Add((byte)(0x80 | (unit & 0x3F)));
            }
        }

        return [.. bytes];
    }

    /// <summary>The string; null when no string has these bytes.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var key = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var first = bytes[0];
            var length = first < 0x80 ? 1 : first is >= 0xC0 and < 0xE0 ? 2 : first is >= 0xE0 and < 0xF0 ? 3 : 0;
            if (length == 0 || bytes.Length < length)
            {
                return null;
            }

            key.Append(length switch
            {
                1 => (char)first,
                2 => (char)(((first & 0x1F) << 6) | (bytes[1] & 0x3F)),
                _ => (char)(((first & 0x0F) << 12) | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)),
            });
            bytes = bytes[length..];
        }

        return key.ToString();
    }
}
