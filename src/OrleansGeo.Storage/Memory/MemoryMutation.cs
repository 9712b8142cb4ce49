namespace OrleansGeo.Storage.Memory;

/// <summary>A mutation on its way into a <see cref="MemoryRegionDisk"/>: executed when its group commits, told its answer afterwards.</summary>
internal abstract class MemoryMutation
{
    public abstract void Execute(MemoryStoreFaults faults, string description);

    public abstract void Complete();
}

/// <inheritdoc cref="MemoryMutation"/>
internal sealed class MemoryMutation<T>(Func<T> change) : MemoryMutation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T? _answer;

    public Task<T> Task => _completion.Task;

    public override void Execute(MemoryStoreFaults faults, string description)
    {
        var fault = faults.TakeFailure();
        try
        {
            if (fault != MemoryFaultPoint.BeforeEffect)
            {
                _answer = change();
            }

            _failure = fault is null ? null : MemoryRegionStore.Unavailable(description);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    public override void Complete()
    {
        if (_failure is null)
        {
            _completion.SetResult(_answer!);
        }
        else
        {
            _completion.SetException(_failure);
        }
    }
}
