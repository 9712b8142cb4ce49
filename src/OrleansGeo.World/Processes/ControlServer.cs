using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>Where the running world takes commands from other processes of the same user: HTTP on a free loopback port, with a key.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    public const string KeyHeader = "World-Key";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;

    private ControlServer(WebApplication app, string key, CancellationTokenSource stopping)
    {
        _app = app;
        Key = key;
        _stopping = stopping;
    }

    public string Key { get; }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <param name="startRegion">Starts the region and says so in one line; a <see cref="WorldException"/> is passed on to the caller.</param>
    /// <param name="cancellationToken">Cancels the start of the server.</param>
    public static async Task<ControlServer> StartAsync(Func<string, CancellationToken, Task<string>> startRegion, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var stopping = new CancellationTokenSource();

        // A command goes on when the one who gave it hangs up: half a start would help nobody.
        app.MapPost("/regions/{region}/start", async (string region, HttpContext http) =>
            !HasKey(http, key)
                ? Results.StatusCode(StatusCodes.Status403Forbidden)
                : Results.Json(await AnswerAsync(() => startRegion(region, stopping.Token))));
        var server = new ControlServer(app, key, stopping);
        try
        {
            await app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<ControlAnswer> AnswerAsync(Func<Task<string>> command)
    {
        try
        {
            return new(true, await command(), ExitCodes.Success);
        }
        catch (WorldException exception)
        {
            return new(false, exception.Message, exception.ExitCode);
        }
        catch (OperationCanceledException)
        {
            return new(false, "The world is stopping.", ExitCodes.Failure);
        }
    }

    private static bool HasKey(HttpContext http, string key) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(http.Request.Headers[KeyHeader].ToString()), Encoding.UTF8.GetBytes(key));
}
