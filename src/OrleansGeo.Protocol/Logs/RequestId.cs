using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace OrleansGeo.Protocol.Logs;

/// <summary>Identifies one write across retries. Takes effect at most once per entity (invariant 8).</summary>
public readonly record struct RequestId(ulong High, ulong Low)
{
    public static RequestId None => default;

    public bool IsNone => High == 0 && Low == 0;

    /// <summary>The id of a caller's own key. SHA-256, so that nobody can make two keys collide.</summary>
    public static RequestId FromKey(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]) | 1);
    }

    /// <summary>The id of the <paramref name="ordinal"/>th call that a request makes: a retried parent derives the same ids for its calls.</summary>
    public RequestId Nested(int ordinal)
    {
        Span<byte> bytes = stackalloc byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Low);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], ordinal);
        var hash = XxHash128.HashToUInt128(bytes);
        return new((ulong)(hash >> 64), (ulong)hash | 1);
    }

    /// <summary>What <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static RequestId Parse(string text) => text.Length == 32
        ? new(
            ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is not a request id: 32 hexadecimal digits.");

    public override string ToString() => $"{High:x16}{Low:x16}";
}
