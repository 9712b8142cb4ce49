using OrleansGeo.Runtime.Gates.Objects;

namespace OrleansGeo.Runtime.Gates;

/// <summary>A timer of a geo grain. Its ticks pass the gate; one that could not run, and that no other would follow, comes again.</summary>
/// <remarks>A timer with a period looks again when it is over. A single tick that was left out would never come.</remarks>
internal sealed class GatedTimer(GeoActivation activation, UserObject owner, bool isInterleaved, TimeSpan period) : IGrainTimer
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private IDisposable? _inner;
    private TimeSpan _period = period;
    private TimeSpan _pause = FirstPause;
    private int _changes;

    private bool IsSingle => _period < TimeSpan.Zero;

    /// <summary>Orleans' timer, whose ticks come here.</summary>
    public void Begin(IDisposable inner) => _inner = inner;

    public async Task TickAsync(Func<Task> tick)
    {
        var changes = _changes;
        var outcome = await activation.RunTickAsync(owner, isInterleaved, tick);
        if (outcome == TickOutcome.Over)
        {
            _pause = FirstPause;
        }
        else if (changes == _changes && (IsSingle || (outcome == TickOutcome.NotNow && _period > _pause)))
        {
            // Unless the author set it anew meanwhile.
            (_inner as IGrainTimer)?.Change(_pause, _period);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        (_inner as IGrainTimer)?.Change(dueTime, period);
        (_period, _pause) = (period, FirstPause);
        _changes++;
    }

    public void Dispose() => _inner?.Dispose();
}
