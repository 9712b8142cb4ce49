using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>The ids of a process's own requests: a random process, and a number that counts from a random start.</summary>
/// <remarks>A random id for every request would be a system call for every request, which costs more than routing it.</remarks>
/// <param name="random">What tells this process from all others.</param>
internal sealed class RequestIds(Guid random)
{
    private readonly ulong _process = Half(random, 0);
    private ulong _count = Half(random, 8);

    // Odd, so that none is RequestId.None.
    public RequestId Next() => new(_process, (Interlocked.Increment(ref _count) << 1) | 1);

    private static ulong Half(Guid random, int from)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.TryWriteBytes(bytes);
        return BitConverter.ToUInt64(bytes[from..]);
    }
}
