using OrleansGeo.Protocol.Control;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// One run of the control plane, from an activation's begin to its end. Each has its own end, so that a later run neither revives the loops of an
/// earlier one nor is ended with it.
/// </summary>
internal sealed class ControlRun : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile BackgroundLoop? _ticking;

    public ControlRun(RegionControl control) => (Control, Stopping) = (control, _stopping.Token);

    public RegionControl Control { get; }

    /// <summary>Outlives the run, and its disposal.</summary>
    public CancellationToken Stopping { get; }

    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <param name="ticking">Does what has fallen due. Ends with the run.</param>
    /// <param name="comparing">Compares the region's store with the other regions, until that is done.</param>
    public void Start(BackgroundLoop ticking, BackgroundLoop comparing)
    {
        _ticking = ticking;
        Ended = Task.WhenAll(ticking.Completion, comparing.Completion);
        ticking.Start();
        comparing.Start();
    }

    /// <summary>Something may have fallen due.</summary>
    public void Wake() => _ticking?.Wake();

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Ended;
    }

    /// <summary>Ends the loops without waiting for them: a silo that is killed deactivates nothing.</summary>
    public void Dispose()
    {
        if (!Stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
        }

        _stopping.Dispose();
    }
}
