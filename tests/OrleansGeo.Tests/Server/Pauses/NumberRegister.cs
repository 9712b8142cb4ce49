namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>A document or a counter that one writer counts up, one number after the other: what a reader may find there at a time.</summary>
/// <param name="path">Where the web API has it.</param>
/// <param name="shard">Its shard.</param>
/// <param name="isOfPair">Whether the region of two silos is to be its home.</param>
internal sealed class NumberRegister(string path, string shard, bool isOfPair)
{
    private readonly Lock _gate = new();

    /// <summary>When each number was acknowledged: the number is the place, from one on.</summary>
    private readonly List<TimeSpan> _acknowledged = [];

    private int _attempted;
    private int _seen;

    public string Path => path;

    public string Shard => shard;

    public bool IsOfPair => isOfPair;

    public bool IsCounter { get; init; }

    /// <summary>The newest number that was sent. No reader finds a newer one.</summary>
    public int Attempted => Volatile.Read(ref _attempted);

    /// <summary>The newest that a strong read has returned: strong reads that begin later return no older one.</summary>
    public int Seen => Volatile.Read(ref _seen);

    public int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count;
            }
        }
    }

    public void Attempt(int number) => Volatile.Write(ref _attempted, number);

    /// <param name="at">After the answer came.</param>
    public void Acknowledge(TimeSpan at)
    {
        lock (_gate)
        {
            _acknowledged.Add(at);
        }
    }

    public void See(int number)
    {
        for (var seen = Seen; number > seen; seen = Seen)
        {
            Interlocked.CompareExchange(ref _seen, number, seen);
        }
    }

    /// <summary>The newest number that was acknowledged by then; 0: none.</summary>
    public int AcknowledgedBy(TimeSpan time)
    {
        lock (_gate)
        {
            var index = _acknowledged.BinarySearch(time);
            return index >= 0 ? index + 1 : ~index;
        }
    }
}
