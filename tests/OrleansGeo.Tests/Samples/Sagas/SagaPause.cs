namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>Holds orders that are paid and not confirmed, until the test lets them go on.</summary>
public sealed class SagaPause
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first order is paid.</summary>
    public Task Entered => _entered.Task;

    public void Release() => _released.TrySetResult();

    public Task PassAsync()
    {
        _entered.TrySetResult();
        return _released.Task;
    }
}
