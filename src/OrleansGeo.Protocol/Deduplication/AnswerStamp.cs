using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Deduplication;

/// <summary>Of an entity that was moved: which version a recorded request left, and how often the entity had been moved by then. A caller that repeats the request is told this, wherever the entity is.</summary>
/// <remarks>
/// It stands behind the answer in the log, sealed by a hash of all before it. A field of the entry would be one that regions of an earlier version cannot read; what follows an answer
/// they pass over, and keep.
/// </remarks>
/// <param name="Version">The version, by the log of the shard where the request ran; null: that of the entry itself, which runs there.</param>
/// <param name="Moves">How often the entity had been moved.</param>
internal readonly record struct AnswerStamp(RecordVersion? Version, long Moves)
{
    private const int Bytes = 4 * sizeof(long);
    private const long Seed = 0x7374616D70; // "stamp"
    private const long OfTheEntry = -1;

    /// <summary>The answer with the stamp, which takes the place of one that it has.</summary>
    public static ReadOnlyMemory<byte> Put(ReadOnlyMemory<byte> answer, AnswerStamp stamp)
    {
        TryTake(answer, out var plain, out _);
        var stamped = new byte[plain.Length + Bytes];
        plain.CopyTo(stamped);
        var end = stamped.AsSpan(plain.Length);
        BinaryPrimitives.WriteInt64LittleEndian(end, stamp.Version?.Epoch ?? OfTheEntry);
        BinaryPrimitives.WriteInt64LittleEndian(end[8..], stamp.Version?.Position.Value ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(end[16..], stamp.Moves);
        BinaryPrimitives.WriteUInt64LittleEndian(end[24..], SealOf(stamped));
        return stamped;
    }

    /// <param name="answer">As it was recorded.</param>
    /// <param name="plain">As it was given.</param>
    /// <param name="stamp">What stands behind it.</param>
    /// <returns>Whether anything does.</returns>
    public static bool TryTake(ReadOnlyMemory<byte> answer, out ReadOnlyMemory<byte> plain, out AnswerStamp stamp)
    {
        (plain, stamp) = (answer, default);
        if (answer.Length < Bytes || BinaryPrimitives.ReadUInt64LittleEndian(answer.Span[^8..]) != SealOf(answer.Span))
        {
            return false;
        }

        var end = answer.Span[^Bytes..];
        var epoch = BinaryPrimitives.ReadInt64LittleEndian(end);
        plain = answer[..^Bytes];
        stamp = new(
            epoch == OfTheEntry ? null : new RecordVersion(epoch, new(BinaryPrimitives.ReadInt64LittleEndian(end[8..]))), BinaryPrimitives.ReadInt64LittleEndian(end[16..]));
        return true;
    }

    private static ulong SealOf(ReadOnlySpan<byte> stamped) => XxHash3.HashToUInt64(stamped[..^8], Seed);
}
