namespace OrleansGeo.Runtime.Links;

/// <summary>Round trips of one connection. One writer, many readers.</summary>
internal sealed class RoundTripMeter
{
    private const double Weight = 0.125; // RFC 6298's smoothing of round trips

    private long _last;
    private long _smoothed;
    private long _minimum = long.MaxValue;

    public TimeSpan Last => new(Volatile.Read(ref _last));

    public TimeSpan Smoothed => new(Volatile.Read(ref _smoothed));

    public TimeSpan Minimum => new(Volatile.Read(ref _minimum) is var ticks and not long.MaxValue ? ticks : 0);

    /// <summary>The round trip to count with when something is awaited: one fast answer must not shorten the patience at once.</summary>
    public TimeSpan Cautious => new(Math.Max(Volatile.Read(ref _last), Volatile.Read(ref _smoothed)));

    public void Observe(TimeSpan roundTrip)
    {
        var smoothed = _smoothed == 0 ? roundTrip.Ticks : _smoothed + (long)(Weight * (roundTrip.Ticks - _smoothed));
        Volatile.Write(ref _smoothed, smoothed);
        Volatile.Write(ref _minimum, Math.Min(_minimum, roundTrip.Ticks));
        Volatile.Write(ref _last, roundTrip.Ticks);
    }
}
