namespace OrleansGeo.Tests.Worlds;

/// <summary>What a client in a region that dies sees of it: its calls under way are never answered, and it waits for the region to be back.</summary>
internal sealed class RegionDoor
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _life = new();

    public RegionDoor() => _open.SetResult();

    /// <summary>Cancelled when the region dies.</summary>
    public CancellationToken Life
    {
        get
        {
            lock (_gate)
            {
                return _life.Token;
            }
        }
    }

    public Task WhenOpenAsync()
    {
        lock (_gate)
        {
            return _open.Task;
        }
    }

    public void Close()
    {
        CancellationTokenSource life;
        lock (_gate)
        {
            _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
            life = _life;
        }

        life.Cancel();
    }

    public void Open()
    {
        lock (_gate)
        {
            _life = new();
            _open.SetResult();
        }
    }
}
