using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OrleansGeo.Protocol.Sessions;

/// <summary>
/// What a session has seen as text that a client keeps and cannot change: a version, the floors, and half of their HMAC-SHA256 (RFC 2104, truncated
/// as its section 5 allows) under the world's own secret, base64url. At most <see cref="MaxLength"/> characters.
/// </summary>
internal static class SessionToken
{
    public const int MaxLength = 1024;

    private const byte Version = 1;
    private const int MacBytes = 16;

    public static string Create(SessionFloors floors, ReadOnlySpan<byte> secret)
    {
        var body = SessionFloorsCodec.Encode(floors);
        var bytes = new byte[1 + body.Length + MacBytes];
        bytes[0] = Version;
        body.CopyTo(bytes, 1);
        Mac(secret, bytes.AsSpan(0, 1 + body.Length)).AsSpan(0, MacBytes).CopyTo(bytes.AsSpan(1 + body.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <param name="token">What a client sent.</param>
    /// <param name="secret">The world's.</param>
    /// <param name="floors">What the session has seen.</param>
    /// <param name="problem">Why it is refused, in words.</param>
    public static bool TryRead(string token, ReadOnlySpan<byte> secret, [NotNullWhen(true)] out SessionFloors? floors, [NotNullWhen(false)] out string? problem)
    {
        (floors, problem) = (null, null);
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
        {
            problem = $"it is not base64url of at most {MaxLength} characters";
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < 1 + MacBytes)
        {
            problem = "it is cut off";
            return false;
        }

        if (bytes[0] != Version)
        {
            problem = $"it is of version {bytes[0]}, and this region knows version {Version}";
            return false;
        }

        var signed = bytes.AsSpan(0, bytes.Length - MacBytes);
        if (!CryptographicOperations.FixedTimeEquals(Mac(secret, signed).AsSpan(0, MacBytes), bytes.AsSpan(bytes.Length - MacBytes)))
        {
            problem = "it was changed or cut off, or is of another world, or of this one before its data was reset";
            return false;
        }

        try
        {
            floors = SessionFloorsCodec.Decode(signed[1..].ToArray());
            return true;
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
            return false;
        }
    }

    private static byte[] Mac(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(secret, bytes);
}
