namespace OrleansGeo.Runtime.Loops;

/// <summary>Wakes one loop. Signals that come while it works count as one.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);

    public void Set()
    {
        if (_semaphore.CurrentCount == 0)
        {
            try
            {
                _semaphore.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else signalled in between: it is set.
            }
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _semaphore.WaitAsync(cancellationToken);

    /// <summary>Completes at the next signal, or after a while.</summary>
    public Task WaitAsync(TimeSpan bound, CancellationToken cancellationToken) => _semaphore.WaitAsync(bound, cancellationToken);

    public void Dispose() => _semaphore.Dispose();
}
