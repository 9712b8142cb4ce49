namespace OrleansGeo.World.Processes;

/// <summary>Asks a region whether it serves.</summary>
internal sealed class ReadyProbe(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OneProbe = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = OneProbe };

    /// <summary>Returns once <c>/health/ready</c> answers 200.</summary>
    public async Task WaitAsync(string url, CancellationToken cancellationToken)
    {
        while (!await IsOkAsync($"{url}/health/ready", cancellationToken))
        {
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Whether anything answers there at all.</summary>
    public Task<bool> IsLiveAsync(string url, CancellationToken cancellationToken) => IsOkAsync($"{url}/health/live", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsOkAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(url, cancellationToken);
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
