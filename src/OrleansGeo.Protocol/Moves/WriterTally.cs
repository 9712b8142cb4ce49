namespace OrleansGeo.Protocol.Moves;

/// <summary>Counts, at an entity's home, from where it is written, and says when it should move there. Not thread-safe.</summary>
/// <remarks>
/// Hysteresis: a region must have had most of the writes of several windows in a row, and after a move the new home counts from nothing. So an entity that two
/// regions write in turn stays where it is, and none moves more often than once in that many windows.
/// </remarks>
internal sealed class WriterTally(FollowConfig config, int regions)
{
    private readonly int[] _writes = new int[regions];
    private TimeSpan _began;
    private int _leader = -1;
    private int _wins;

    /// <summary>A write came.</summary>
    /// <param name="from">The index of the region that sent it.</param>
    /// <param name="home">The index of this region.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The region that the entity should move to; null: none.</returns>
    public int? Note(int from, int home, TimeSpan now)
    {
        int? target = null;
        if (now - _began >= config.Window)
        {
            target = EndWindow(home, now);
        }

        _writes[from]++;
        return target;
    }

    private int? EndWindow(int home, TimeSpan now)
    {
        // If a whole window passed without a write, nobody writes it much.
        var winner = now - _began < 2 * config.Window ? Winner() : -1;
        _wins = winner >= 0 && winner == _leader ? _wins + 1 : 1;
        _leader = winner;
        _began = now;
        Array.Clear(_writes);
        return winner >= 0 && winner != home && _wins >= config.Windows ? winner : null;
    }

    private int Winner()
    {
        var total = _writes.Sum();
        var most = Array.IndexOf(_writes, _writes.Max());
        return total >= config.Writes && _writes[most] >= config.Share * total ? most : -1;
    }
}
