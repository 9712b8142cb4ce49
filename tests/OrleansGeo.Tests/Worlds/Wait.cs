namespace OrleansGeo.Tests.Worlds;

/// <summary>Waits for what a test expects to happen, not for a time. Running out of patience is a failure that says what was missing.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="what">What is waited for.</param>
    /// <param name="condition">Whether it is there.</param>
    /// <param name="patience">For what takes long by design.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        var start = TimeProvider.System.GetTimestamp();
        while (!await ForAsync($"it is known whether {what}", condition(), most + Patience))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < most, $"Waited {most.TotalSeconds} s in vain until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
    /// <param name="what">What the task stands for.</param>
    /// <param name="task">Its result or its exception is passed on.</param>
    /// <param name="patience">For what must come sooner, or may take longer.</param>
    public static async Task<T> ForAsync<T>(string what, Task<T> task, TimeSpan? patience = null)
    {
        await ForAsync(what, (Task)task, patience);
        return await task;
    }

    /// <param name="what">What the task stands for.</param>
    /// <param name="task">Its exception is passed on.</param>
    /// <param name="patience">For what must come sooner, or may take longer.</param>
    public static async Task ForAsync(string what, Task task, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(task, Task.Delay(most, TimeProvider.System, ended.Token));
        await ended.CancelAsync();
        Assert.True(task.IsCompleted, $"Waited {most.TotalSeconds} s in vain for this: {what}.");
        await task;
    }
}
