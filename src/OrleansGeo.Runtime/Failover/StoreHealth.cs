namespace OrleansGeo.Runtime.Failover;

/// <summary>For how long the region's own store has done nothing but fail.</summary>
internal sealed class StoreHealth(LeaseClock clock, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private TimeSpan? _failingSince;

    public string Problem { get; private set; } = "";

    public TimeSpan FailedFor
    {
        get
        {
            lock (_lock)
            {
                return _failingSince is { } since ? clock.Now - since + TimeSpan.FromTicks(1) : TimeSpan.Zero;
            }
        }
    }

    public bool IsDown => FailedFor > patience;

    public void Worked()
    {
        lock (_lock)
        {
            _failingSince = null;
        }
    }

    public void Failed(string problem)
    {
        lock (_lock)
        {
            _failingSince ??= clock.Now;
            Problem = problem;
        }
    }
}
