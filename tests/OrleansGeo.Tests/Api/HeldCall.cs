namespace OrleansGeo.Tests.Api;

/// <summary>A call that waits for the test.</summary>
internal sealed class HeldCall
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Entered => _entered.Task;

    public void Release() => _released.SetResult();

    public Task Enter()
    {
        _entered.SetResult();
        return _released.Task;
    }
}
