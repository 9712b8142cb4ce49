namespace OrleansGeo.World.Processes;

/// <summary>Notices the end of the process that holds the other end of this one's standard input, however it ended.</summary>
internal sealed class ParentWatch(Stream input) : IDisposable
{
    private readonly StreamReader _reader = new(input);
    private readonly CancellationTokenSource _gone = new();

    /// <summary>A line from the parent; null when it is gone.</summary>
    public string? ReadLine() => _reader.ReadLine();

    /// <summary>Starts to watch. The token is cancelled when the parent is gone or has closed the pipe.</summary>
    public CancellationToken Watch()
    {
        // Reading a pipe blocks, so it has a thread of its own. It ends with the pipe or, being a background thread, with the process.
        new Thread(WaitForEnd) { IsBackground = true, Name = "Parent watch" }.Start();
        return _gone.Token;
    }

    /// <summary>Leaves the cancellation source to the thread, which may still use it.</summary>
    public void Dispose() => _reader.Dispose();

    private void WaitForEnd()
    {
        try
        {
            while (_reader.Read() >= 0)
            {
                // The parent has nothing more to say; only the end matters.
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // As good as the end.
        }

        _gone.Cancel();
    }
}
