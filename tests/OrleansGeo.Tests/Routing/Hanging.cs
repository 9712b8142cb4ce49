namespace OrleansGeo.Tests.Routing;

/// <summary>What a request waits for that does not end while its test runs. Afterwards it does, or its silo, which waits for every request, would take a minute to stop.</summary>
internal static class Hanging
{
    private static TaskCompletionSource<int> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Task<int> Task => _source.Task;

    public static void End() => Interlocked.Exchange(ref _source, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(0);
}
