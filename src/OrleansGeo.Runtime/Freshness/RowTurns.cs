namespace OrleansGeo.Runtime.Freshness;

/// <summary>
/// Tells when every writing request that runs now has ended, without waiting for those that begin later: such a request may write on what it had seen
/// when it began. Two phases; a phase that nobody is in any more can be begun again.
/// </summary>
internal sealed class RowTurns
{
    private readonly Lock _lock = new();
    private readonly int[] _running = new int[2];
    private int _phase;

    /// <returns>The phase, to be left again.</returns>
    public int Enter()
    {
        lock (_lock)
        {
            _running[_phase]++;
            return _phase;
        }
    }

    public void Leave(int phase)
    {
        lock (_lock)
        {
            _running[phase]--;
        }
    }

    /// <summary>Begins the next phase if every request that ran when the present one began has ended.</summary>
    public bool TryAdvance()
    {
        lock (_lock)
        {
            if (_running[1 - _phase] > 0)
            {
                return false;
            }

            _phase = 1 - _phase;
            return true;
        }
    }
}
