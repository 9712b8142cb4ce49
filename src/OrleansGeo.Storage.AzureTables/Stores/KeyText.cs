using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Any .NET string as letters, digits and <c>- = _ ~</c>, all of which a key may have, such that keys sort as <see cref="string.CompareOrdinal(string, string)"/> sorts the strings.</summary>
/// <remarks>
/// Letters and digits stay as they are. Every other UTF-16 unit is escaped on its own, so that lone surrogates keep their identity, behind a
/// character that sorts where the unit does: <c>-</c> before the digits, <c>=</c> before the capitals, <c>_</c> before the small letters, <c>~</c> after them.
/// Nothing here sorts before <see cref="End"/>, so what ends with it sorts before whatever it begins.
/// </remarks>
internal static class KeyText
{
    /// <summary>Ends an encoded string inside a key.</summary>
    public const char End = ',';

    /// <summary>The character after <see cref="End"/>: "not this string any more".</summary>
    public const char AfterEnd = '-';

    private const int HashBytes = 16;

    public static string Encode(string text)
    {
        var key = new StringBuilder(text.Length + 8);
        foreach (var unit in text)
        {
            if (char.IsAsciiLetterOrDigit(unit))
            {
                key.Append(unit);
            }
            else if (unit > 'z')
            {
                key.Append(CultureInfo.InvariantCulture, $"~{(int)unit:x4}");
            }
            else
            {
                var lead = unit < '0' ? '-' : unit < 'A' ? '=' : '_';
                key.Append(lead).Append(CultureInfo.InvariantCulture, $"{(int)unit:x2}");
            }
        }

        return key.ToString();
    }

    /// <summary>The encoded string if it has at most <paramref name="length"/> characters; otherwise the first of them, <c>-</c> and a hash of all.</summary>
    /// <remarks>Shortened keys of one beginning do not sort among themselves: whoever lists them sorts by the strings, which stand in the rows.</remarks>
    public static string Shorten(string text, int length, out bool isShortened)
    {
        var encoded = Encode(text);
        isShortened = encoded.Length > length;
        return isShortened ? $"{encoded.AsSpan(0, length)}-{Hash(text)}" : encoded;
    }

    /// <summary>SHA-256, so that no caller can make two keys meet.</summary>
    public static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, HashBytes));

    /// <summary>The UTF-16 units of a string: what a row keeps of a name, for text in JSON does not keep every string.</summary>
    public static byte[] Units(string text) => MemoryMarshal.AsBytes(text.AsSpan()).ToArray();

    public static string OfUnits(ReadOnlySpan<byte> units) => new(MemoryMarshal.Cast<byte, char>(units));
}
