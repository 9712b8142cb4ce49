using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace OrleansGeo.Protocol.Logs;

/// <summary>Identifies one write across retries. Takes effect at most once per entity (invariant 8).</summary>
internal readonly record struct RequestId(ulong High, ulong Low)
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

    /// <summary>What this id is to one of the entities whose requests have it: a caller's key may name a request to each of several, and what they derive must differ.</summary>
    public RequestId At(string entity) => FromHash(Derive(Domain.Entity, XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(entity)), 0));

    /// <summary>The id of a further call of the session that gave this id to its first one, by its number, from 1.</summary>
    public RequestId Further(int number) => FromHash(Derive(Domain.Session, 0, number));

    /// <summary>The id of a call that this request makes: a repeat of the request derives the same ids for the same calls.</summary>
    /// <param name="call">Hash of what is called: target, method and arguments.</param>
    /// <param name="number">The call's number among equal ones, from 0.</param>
    public RequestId Nested(UInt128 call, int number) => FromHash(Derive(Domain.Call, call, number));

    /// <summary>What this request takes for an id of its own making, by its number among those: the same in every repeat.</summary>
    public UInt128 Draw(int number) => Derive(Domain.Draw, 0, number);

    /// <summary>What <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static RequestId Parse(string text) => text.Length == 32
        ? new(
            ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is not a request id: 32 hexadecimal digits.");

    public override string ToString() => $"{High:x16}{Low:x16}";

    // Odd, so that none is RequestId.None.
    private static RequestId FromHash(UInt128 hash) => new((ulong)(hash >> 64), (ulong)hash | 1);

    private UInt128 Derive(Domain domain, UInt128 what, int number)
    {
        Span<byte> bytes = stackalloc byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Low);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], what);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], (int)domain);
        return XxHash128.HashToUInt128(bytes);
    }

    /// <summary>Ids that are derived for different uses are hashes of different things: a session's second call must not pass for a call that its first one made.</summary>
    private enum Domain
    {
        Call = 1,
        Draw = 2,
        Session = 3,
        Entity = 4,
    }
}
