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
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < most, $"Waited {most.TotalSeconds} s in vain until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
