namespace OrleansGeo.Storage.Memory;

/// <summary>Faults on demand for the store of a <see cref="MemoryRegionDisk"/>. They outlive a restart of the region. Any thread may set them.</summary>
public sealed class MemoryStoreFaults
{
    private readonly Lock _gate = new();
    private readonly Queue<MemoryFaultPoint> _failures = new();
    private TaskCompletionSource? _paused;
    private long _commitLatencyTicks;
    private volatile bool _unavailable;

    /// <summary>How long a group of mutations takes to become durable, by the store's <see cref="TimeProvider"/>. Default none.</summary>
    public TimeSpan CommitLatency
    {
        get => new(Volatile.Read(ref _commitLatencyTicks));
        set => Volatile.Write(ref _commitLatencyTicks, value.Ticks);
    }

    /// <summary>While true every call, also a read, fails as <see cref="RegionStoreFailure.Unavailable"/> and changes nothing.</summary>
    public bool IsUnavailable
    {
        get => _unavailable;
        set => _unavailable = value;
    }

    /// <summary>Makes the next <paramref name="count"/> mutations fail as <see cref="RegionStoreFailure.Unavailable"/>. Adds to earlier calls.</summary>
    public void FailNext(int count, MemoryFaultPoint point)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                _failures.Enqueue(point);
            }
        }
    }

    /// <summary>Holds the answers of all mutations until <see cref="Resume"/>. Their effects become durable and can be read meanwhile.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends <see cref="Pause"/>: the answers that it held are given. Nothing happens unless paused.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _paused?.SetResult();
            _paused = null;
        }
    }

    /// <summary>Complete unless paused.</summary>
    internal Task Resumed
    {
        get
        {
            lock (_gate)
            {
                return _paused?.Task ?? Task.CompletedTask;
            }
        }
    }

    internal MemoryFaultPoint? TakeFailure()
    {
        lock (_gate)
        {
            return _failures.TryDequeue(out var point) ? point : null;
        }
    }
}
