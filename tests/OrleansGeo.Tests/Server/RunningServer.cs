using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansGeo.Server.Hosting;
using OrleansGeo.Tests.Api;

namespace OrleansGeo.Tests.Server;

/// <summary>A real server in this process, built by what the program is built by.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogRecorder _log;

    private RunningServer(WebApplication app, LogRecorder log) => (_app, _log) = (app, log);

    public IServiceProvider Services => _app.Services;

    /// <summary>What it logged at warning or above.</summary>
    public string Log => string.Join('\n', _log.Lines);

    public static async Task<RunningServer> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var log = new LogRecorder();
        var app = ServerHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders().AddProvider(log);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, log);
    }

    /// <summary>Stops it without waiting for what it would hand over.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // That is how it was asked.
        }

        await _app.DisposeAsync();
    }
}
