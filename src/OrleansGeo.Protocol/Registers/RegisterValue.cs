using System.Buffers.Binary;
using System.IO.Hashing;

namespace OrleansGeo.Protocol.Registers;

/// <summary>The envelope of what registers hold: a format and a checksum, so that damage is never taken for a lease or a topology.</summary>
internal static class RegisterValue
{
    private const int Envelope = 1 + sizeof(ulong);

    public static byte[] Seal(byte format, MemoryStream content)
    {
        var bytes = new byte[Envelope + (int)content.Length];
        content.GetBuffer().AsSpan(0, (int)content.Length).CopyTo(bytes.AsSpan(Envelope));
        bytes[0] = format;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Checksum(bytes));
        return bytes;
    }

    /// <exception cref="FormatException">It is damaged, or of another version.</exception>
    public static BinaryReader Open(byte format, ReadOnlyMemory<byte> bytes, string what)
    {
        if (bytes.Length < Envelope || BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[1..]) != Checksum(bytes.Span))
        {
            throw new FormatException($"The {what} of {bytes.Length} bytes is damaged.");
        }

        return bytes.Span[0] == format
            ? new BinaryReader(new MemoryStream(bytes[Envelope..].ToArray()))
            : throw new FormatException($"The {what} was written by a newer version (format {bytes.Span[0]}, here {format}): upgrade this region.");
    }

    private static ulong Checksum(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes[Envelope..], bytes[0]);
}
