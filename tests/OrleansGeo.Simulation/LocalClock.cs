namespace OrleansGeo.Simulation;

/// <summary>One region's monotonic clock: it has its own zero and its own rate, and goes on while the region stands still.</summary>
internal sealed class LocalClock(TimeSpan offset, double rate)
{
    public double Rate => rate;

    public TimeSpan At(long virtualMicroseconds) => offset + TimeSpan.FromTicks((long)(virtualMicroseconds * TimeSpan.TicksPerMicrosecond * rate));

    /// <summary>The first virtual time at which this clock shows <paramref name="local"/> or more.</summary>
    public long When(TimeSpan local) => (long)Math.Ceiling((local - offset).Ticks / (rate * TimeSpan.TicksPerMicrosecond)) + 1;
}
