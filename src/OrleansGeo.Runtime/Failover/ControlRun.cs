using OrleansGeo.Protocol.Control;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// One run of the control plane, from an activation's begin to its end. Each has its own end, so that a later run neither revives the loops of an
/// earlier one nor is ended with it.
/// </summary>
internal sealed class ControlRun : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public ControlRun(RegionControl control) => (Control, Stopping) = (control, _stopping.Token);

    public RegionControl Control { get; }

    /// <summary>Outlives the run, and its disposal.</summary>
    public CancellationToken Stopping { get; }

    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start(params ReadOnlySpan<Func<Task>> loops)
    {
        var running = new List<Task>();
        foreach (var loop in loops)
        {
            running.Add(Task.Run(loop, CancellationToken.None));
        }

        Ended = Task.WhenAll(running);
    }

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
