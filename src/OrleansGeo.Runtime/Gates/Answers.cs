using System.Buffers;
using System.Buffers.Binary;
using Orleans.Serialization;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>A request's answer as it stands in the log, for repeated requests.</summary>
internal static class Answers
{
    private const byte Nothing = 0;
    private const byte Value = 1;
    private const byte Thrown = 2;
    private const byte WithSeen = 0x80;
    private const int ScratchBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public static ReadOnlyMemory<byte> Encode<T>(Serializer serializer, GeoReply<T> reply)
    {
        if (typeof(T) == typeof(NoResult) && reply.Kind == ReplyKind.Answer && reply.Seen is null)
        {
            return NothingBytes;
        }

        var buffer = _scratch is { Capacity: <= ScratchBytes } scratch ? scratch : _scratch = new(256);
        buffer.ResetWrittenCount();
        buffer.GetSpan(1)[0] = (byte)((reply.Kind == ReplyKind.Thrown ? Thrown : Value) | (reply.Seen is null ? 0 : WithSeen));
        buffer.Advance(1);
        if (reply.Seen is { } seen)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), seen.Length);
            buffer.Advance(sizeof(int));
            buffer.Write(seen);
        }

        if (reply.Kind == ReplyKind.Thrown)
        {
            serializer.Serialize<Exception, ArrayBufferWriter<byte>>(reply.Thrown!, buffer);
        }
        else
        {
            serializer.Serialize<T?, ArrayBufferWriter<byte>>(reply.Value, buffer);
        }

        // Kept as long as the deduplication window: an array of just its length.
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="serializer">Orleans' serializer.</param>
    /// <param name="answer">The recorded answer.</param>
    /// <param name="reply">The reply to put it into.</param>
    public static GeoReply<T> Decode<T>(Serializer serializer, ReadOnlyMemory<byte> answer, GeoReply<T> reply)
    {
        var kind = answer.Span[0];
        if ((kind & WithSeen) != 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer.Span[1..]);
            reply.Seen = answer.Slice(1 + sizeof(int), length).ToArray();
            answer = answer[(sizeof(int) + length)..];
        }

        switch (kind & ~WithSeen)
        {
            case Value:
                reply.Value = serializer.Deserialize<T>(answer[1..]);
                break;
            case Thrown:
                reply.Kind = ReplyKind.Thrown;
                reply.Thrown = serializer.Deserialize<Exception>(answer[1..]);
                break;
        }

        return reply;
    }

    private static ReadOnlyMemory<byte> NothingBytes { get; } = new byte[] { Nothing };
}
