using System.Runtime.InteropServices;

namespace OrleansGeo.Protocol.Logs;

/// <summary>
/// What is decoded from a row is a part of the row's bytes, and keeps all of them in memory. Whoever keeps such a part for longer than the row keeps a copy
/// instead.
/// </summary>
internal static class OwnedBytes
{
    /// <param name="bytes">What is to be kept.</param>
    /// <param name="timesAtMost">It is kept as it is if the array behind it is at most so many times as long.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes, int timesAtMost = 1) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && (part.Array?.Length ?? 0) <= (long)part.Count * timesAtMost ? bytes : bytes.ToArray();
}
