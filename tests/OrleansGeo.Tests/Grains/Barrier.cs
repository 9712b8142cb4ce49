namespace OrleansGeo.Tests.Grains;

/// <summary>A place in a grain's method where it stops until its test lets it go on. Once open, it stops nothing.</summary>
internal sealed class Barrier
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrivals;

    /// <summary>How often a method came here.</summary>
    public int Arrivals => Volatile.Read(ref _arrivals);

    /// <summary>Completes when the first method is here.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _opened.TrySetResult();

    public void Arrive()
    {
        Interlocked.Increment(ref _arrivals);
        _reached.TrySetResult();
    }

    public Task PassAsync(CancellationToken cancellationToken = default)
    {
        Arrive();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
