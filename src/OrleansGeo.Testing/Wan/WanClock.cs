namespace OrleansGeo.Testing;

/// <summary>
/// Wakes delay lines on time, from one thread of its own. The timers of the runtime follow the coarse clock of the kernel, which
/// on Linux makes them up to 8 ms late: more than some of the round trips that are emulated.
/// </summary>
internal sealed class WanClock(TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private Thread? _thread;
    private bool _disposed;

    public long Now => time.GetTimestamp();

    public long After(double milliseconds) => time.GetTimestamp() + (long)(milliseconds * time.TimestampFrequency / 1000);

    /// <summary>Completes at <paramref name="due"/>, about a millisecond early to a millisecond late.</summary>
    public Task WaitUntilAsync(long due)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting.Enqueue(waiter, due);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "WAN emulation" };
                _thread.Start();
            }

            Monitor.Pulse(_gate);
        }

        return waiter.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_waiting.TryDequeue(out var waiter, out _))
            {
                waiter.TrySetResult();
            }

            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        lock (_gate)
        {
            while (!_disposed)
            {
                if (!_waiting.TryPeek(out var waiter, out var due))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var remainingMs = (int)((due - time.GetTimestamp()) * 1000 / time.TimestampFrequency);
                if (remainingMs <= 0)
                {
                    _waiting.Dequeue();
                    waiter.TrySetResult();
                }
                else
                {
                    Monitor.Wait(_gate, remainingMs);
                }
            }
        }
    }
}
