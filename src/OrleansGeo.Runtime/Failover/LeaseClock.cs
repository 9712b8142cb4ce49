using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Monotonic time that goes on while the machine is suspended: a lease runs out whether or not its holder is awake.</summary>
/// <remarks>Linux: CLOCK_BOOTTIME, because what .NET uses stops during suspension. Elsewhere .NET's own source counts it.</remarks>
internal sealed partial class LeaseClock
{
    private const int BootTime = 7;

    /// <summary>Moves this clock, so that a test can let a lease run out.</summary>
    private long _offsetTicks;

    public TimeSpan Now => Read() + new TimeSpan(Volatile.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    private static TimeSpan Read() => OperatingSystem.IsLinux() && GetTime(BootTime, out var time) == 0
        ? new((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : Stopwatch.GetElapsedTime(0);

    // It neither blocks nor calls back: the kernel's page is read.
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
