using System.Net;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>A server process that can be stopped as a whole and continued, and started again after it ended.</summary>
/// <param name="name">For what is reported of it.</param>
/// <param name="settings">Its options.</param>
/// <param name="http">Its web API, as a client that may read and write.</param>
/// <param name="record">Is told what the process says.</param>
internal sealed class PausableServer(string name, IReadOnlyDictionary<string, string?> settings, HttpClient http, PauseRecord record) : IAsyncDisposable
{
    /// <summary>A process that starts beside tests that take every processor.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private ServerProcess? _process;
    private volatile TaskCompletionSource _runs = NewSignal();

    public string Name => name;

    public HttpClient Http => http;

    public bool HasExited => _process!.HasExited;

    /// <summary>Completes while the process is not stopped. One that has ended counts as running: clients find that out by themselves.</summary>
    public Task WhenRunningAsync(CancellationToken stop) => _runs.Task.WaitAsync(stop);

    public async Task StartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        record.Happened($"{name} is started");
        _process = ServerProcess.Start(settings, line => record.Happened($"{name}: {line}"));
        await Wait.UntilAsync($"{name} is ready", IsReadyAsync, StartPatience);
        _runs.TrySetResult();
    }

    /// <summary>Whatever it does, and wherever it is, it does nothing from here on.</summary>
    public async Task PauseAsync()
    {
        _runs = NewSignal();
        await _process!.SignalAsync("STOP");
        record.Happened($"{name} is stopped");
    }

    public async Task ContinueAsync()
    {
        record.Happened($"{name} is continued");
        await _process!.SignalAsync("CONT");
        _runs.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process && !_runs.Task.IsCompleted)
        {
            await process.SignalAsync("CONT");
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        http.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, _process.Output);
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
