namespace OrleansGeo.Runtime.Ledgers;

/// <summary>A lost write that its caller may still repeat, and when its home is to be asked whether that happened.</summary>
/// <remarks>
/// A request is repeated soon or hardly ever, and a home remembers that for at least 6 minutes (<see cref="Configuration.GeoLimits.DeduplicationWindow"/>): the longer it is open, the less often it is asked for,
/// and never so seldom that a repeat would be missed.
/// </remarks>
internal sealed class OpenEntry(LostEntry entry, TimeSpan now)
{
    private const int PartOfAge = 8;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _since = now;

    public LostEntry Entry => entry;

    /// <summary>From when on it is to be asked about again.</summary>
    public TimeSpan Due { get; private set; } = now;

    public void Asked(TimeSpan now)
    {
        var pause = (now - _since) / PartOfAge;
        Due = now + (pause < LongestPause ? pause : LongestPause);
    }
}
