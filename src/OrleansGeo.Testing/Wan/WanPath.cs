namespace OrleansGeo.Testing;

/// <summary>This process's way to one region: the rule in force, and news of its changes.</summary>
internal sealed class WanPath
{
    private volatile WanRule _rule = WanRule.None;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WanRule Rule => _rule;

    /// <summary>Completes at the next change. Take it before reading <see cref="Rule"/>, or a change between the two is missed.</summary>
    public Task Changed => _changed.Task;

    public void Set(WanRule rule)
    {
        _rule = rule;
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
