namespace OrleansGeo.World.Processes;

/// <summary>Asks a region whether it serves.</summary>
internal sealed class ReadyProbe(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OneProbe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OnlyProbe = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Returns once <c>/health/ready</c> answers 200.</summary>
    public async Task WaitAsync(string url, CancellationToken cancellationToken)
    {
        while (!await IsOkAsync($"{url}/health/ready", OneProbe, cancellationToken))
        {
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Whether anything answers there at all. It is asked once, so a busy machine gets its time; where nothing listens, the answer is there at once.</summary>
    public Task<bool> IsLiveAsync(string url, CancellationToken cancellationToken) => IsOkAsync($"{url}/health/live", OnlyProbe, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsOkAsync(string url, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var probe = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await _http.GetAsync(url, probe.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
