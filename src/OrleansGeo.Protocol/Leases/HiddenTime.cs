namespace OrleansGeo.Protocol.Leases;

/// <summary>
/// Time that a process's monotonic clock did not count, because its machine was paused: a hypervisor may hide that from it, and not from the wall clock, which leaps ahead when the
/// machine goes on. Leases and ages count it. Thread-safe.
/// </summary>
/// <remarks>A wall clock that is set ahead is taken for a pause, which costs a lease. One that is set back changes nothing: time never goes backwards here.</remarks>
/// <param name="leap">From so much on it is a leap. Less is a clock that is slewed, or nothing worth a lease.</param>
internal sealed class HiddenTime(TimeSpan leap)
{
    /// <summary>Between two readings of the clocks the thread may stand still.</summary>
    private readonly TimeSpan _noise = leap / 8;
    private long _ahead = long.MinValue;
    private long _skippedTicks;

    /// <summary>What the monotonic clock did not count until now.</summary>
    public TimeSpan Skipped => new(Volatile.Read(ref _skippedTicks));

    /// <summary>Whether the clocks stand to each other otherwise than before: then <see cref="Look"/> says how.</summary>
    public bool IsOdd(TimeSpan monotonic, TimeSpan wall)
    {
        var off = wall.Ticks - monotonic.Ticks - Volatile.Read(ref _ahead);
        return off > _noise.Ticks || off < -_noise.Ticks;
    }

    /// <summary>The wall clock was read between two readings of the monotonic one.</summary>
    public void Look(TimeSpan before, TimeSpan wall, TimeSpan after)
    {
        if (after - before > _noise)
        {
            // This thread stood still, or the machine did, which the next look shows.
            return;
        }

        var known = Volatile.Read(ref _ahead);
        var ahead = wall.Ticks - before.Ticks;
        if (Interlocked.CompareExchange(ref _ahead, ahead, known) == known && known != long.MinValue && ahead - known >= leap.Ticks)
        {
            Interlocked.Add(ref _skippedTicks, ahead - known);
        }
    }
}
