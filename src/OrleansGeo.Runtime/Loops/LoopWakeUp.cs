using System.Threading.Tasks.Sources;

namespace OrleansGeo.Runtime.Loops;

/// <summary>Wakes one loop. Signals that come while it works count as one. Any thread may set it; one at a time may wait. A wait allocates nothing.</summary>
internal sealed class LoopWakeUp : IValueTaskSource
{
    private const int Clear = 0;
    private const int Set = 1;
    private const int Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Signal()
    {
        while (true)
        {
            var before = Volatile.Read(ref _state);
            if (before == Set)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _state, before == Awaited ? Clear : Set, before) == before)
            {
                if (before == Awaited)
                {
                    _source.SetResult(true);
                }

                return;
            }
        }
    }

    /// <summary>Takes a signal that has come, if one has.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Clear, Set) == Set;

    /// <summary>Completes at the next signal; at once if one has come.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Clear) == Clear)
        {
            return new(this, _source.Version);
        }

        // Only the waiter clears it.
        Volatile.Write(ref _state, Clear);
        return default;
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
