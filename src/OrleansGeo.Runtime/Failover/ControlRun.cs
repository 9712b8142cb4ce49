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
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BackgroundLoop? _ticking;
    private volatile StoreStanding _standing;
    private volatile bool _ownsRows;

    public ControlRun(RegionControl control) => (Control, Stopping) = (control, _stopping.Token);

    public RegionControl Control { get; }

    /// <summary>Outlives the run, and its disposal.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>What this run knows of the region's store. Each run begins anew: what an earlier one finds out later says nothing of this one.</summary>
    public StoreStanding Standing
    {
        get => _standing;
        set => _standing = value;
    }

    /// <summary>The own rows may be opened before the whole store is proven.</summary>
    public bool OwnsRows
    {
        get => _ownsRows;
        set => _ownsRows = value;
    }

    /// <summary>Completes when a later run has taken the lease (<see cref="RegionControl.IsSuperseded"/>).</summary>
    public Task WhenSuperseded => _superseded.Task;

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

    /// <returns>Whether that is news.</returns>
    public bool Supersede() => _superseded.TrySetResult();

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
