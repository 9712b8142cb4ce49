namespace OrleansGeo.Protocol.Crdts;

/// <summary>Gives the times of last-writer-wins writes: later than what this clock gave before and than what the write has seen.</summary>
/// <remarks>
/// Times only decide between writes that did not see one another; a write replaces what it has seen by version, whatever the clocks say.
/// So a clock may be bounded: it runs ahead of its own wall by at most <paramref name="maxAheadMilliseconds"/>. A region whose wall is
/// further ahead wins over concurrent writes until that is corrected, but does not take the other regions' clocks with it; a wall that jumped
/// back by more is followed at once, and the region loses to concurrent writes of the time before.
/// </remarks>
/// <param name="maxAheadMilliseconds">One minute by default.</param>
internal sealed class HybridClock(long maxAheadMilliseconds = HybridClock.DefaultMaxAheadMilliseconds)
{
    public const long DefaultMaxAheadMilliseconds = 60_000;

    private HybridTime _last;

    /// <summary>The time of a write at <paramref name="wallMilliseconds"/> (since 1970) by a writer that has seen <paramref name="seen"/>.</summary>
    public HybridTime Next(long wallMilliseconds, HybridTime seen)
    {
        var wall = Math.Max(0, wallMilliseconds);
        var floor = HybridTime.Max(_last, seen);
        if (floor.Milliseconds - maxAheadMilliseconds > wall)
        {
            floor = new(wall + maxAheadMilliseconds, 0);
        }

        return _last = wall > floor.Milliseconds ? new(wall, 0)
            : floor.Counter < int.MaxValue ? floor with { Counter = floor.Counter + 1 }
            : new(floor.Milliseconds + 1, 0);
    }
}
