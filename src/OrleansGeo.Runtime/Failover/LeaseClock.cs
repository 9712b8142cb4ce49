using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Leases;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Monotonic time that goes on while the machine is suspended, or paused by its hypervisor: a lease runs out whether or not its holder is awake.</summary>
/// <remarks>
/// Linux: CLOCK_BOOTTIME, because what .NET uses stops during suspension. Elsewhere .NET's own source counts it. What neither counts shows in the wall clock (<see cref="HiddenTime"/>).
/// </remarks>
internal sealed partial class LeaseClock
{
    private const int BootTime = 7;

    /// <summary>Less than what time services set a clock ahead by at once, and than what leases are held longer for by those who take over.</summary>
    private static readonly TimeSpan Leap = TimeSpan.FromMilliseconds(50);

    private readonly HiddenTime _hidden = new(Leap);
    private readonly Func<TimeSpan> _monotonic;
    private readonly Func<TimeSpan> _wall;

    public LeaseClock()
        : this(Read, static () => new(TimeProvider.System.GetUtcNow().Ticks))
    {
    }

    internal LeaseClock(Func<TimeSpan> monotonic, Func<TimeSpan> wall) => (_monotonic, _wall) = (monotonic, wall);

    /// <summary>Moves this clock, so that a test can let a lease run out.</summary>
    private long _offsetTicks;

    public TimeSpan Now
    {
        get
        {
            var now = _monotonic();
            var wall = _wall();
            if (_hidden.IsOdd(now, wall))
            {
                _hidden.Look(now, wall, _monotonic());
            }

            return now + _hidden.Skipped + new TimeSpan(Volatile.Read(ref _offsetTicks));
        }
    }

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
