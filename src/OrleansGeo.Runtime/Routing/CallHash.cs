using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// Names a call by what is called: target, method and arguments. Equal calls have equal hashes in every build and every region, because it is taken of what Orleans sends,
/// where methods and types go by their aliases.
/// </summary>
/// <remarks>Equal arguments must be encoded equally: a set that was filled in another order makes another call. Cancellation tokens are no arguments.</remarks>
internal static class CallHash
{
    private const int ScratchBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public static UInt128 Of(Serializer serializer, GrainId target, IInvokable request)
    {
        var buffer = _scratch is { Capacity: <= ScratchBytes } scratch ? scratch : _scratch = new(256);
        buffer.ResetWrittenCount();
        Write(buffer, target.Type.AsSpan());
        Write(buffer, target.Key.AsSpan());
        var tokens = MethodTraits.Of(request).TakeTokens(request);
        try
        {
            serializer.Serialize<object, ArrayBufferWriter<byte>>(request, buffer);
        }
        finally
        {
            MethodTraits.PutBack(request, tokens);
        }

        return XxHash128.HashToUInt128(buffer.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), part.Length);
        buffer.Advance(sizeof(int));
        buffer.Write(part);
    }
}
