using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Api;
using OrleansGeo.Tests.World.Airports;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Replay;

/// <summary>Three web APIs over the same airports, with the deduplication that a world promises, and failures on demand.</summary>
internal sealed class FaultyWorld : IAsyncDisposable
{
    private readonly List<LoopbackApp> _apps = [];
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private readonly ConcurrentDictionary<string, Task<byte[]>> _answers = new();
    private AirportGrains _airports = null!;

    public ImmutableArray<ReadyRegion> Regions { get; private set; }

    /// <summary>Asked for every attempt of a request, the first is 1: what goes wrong, if anything.</summary>
    public Func<HttpRequest, int, Fault> Fault { get; set; } = static (_, _) => World.Replay.Fault.None;

    public IAirport Airport(string iata) => _airports.Of(iata);

    public static async Task<FaultyWorld> StartAsync(int regionsDown = 0)
    {
        var world = new FaultyWorld();
        var grains = AirportGrains.Create(out world._airports);
        var regions = ImmutableArray.CreateBuilder<ReadyRegion>();
        for (var region = 0; region < 3; region++)
        {
            if (region < regionsDown)
            {
                regions.Add(new($"region{region}", 0, $"http://127.0.0.1:{UnusedPort()}"));
                continue;
            }

            var app = await LoopbackApp.StartAsync(services => services.AddGeoApi().AddSingleton(grains), world.Map);
            world._apps.Add(app);
            regions.Add(new($"region{region}", Environment.ProcessId, app.Url));
        }

        world.Regions = regions.ToImmutable();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    private static int UnusedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Map(WebApplication app)
    {
        app.Use(FailAsync);
        app.Use(DeduplicateAsync);
        app.UseRouting();
        app.MapAirports();
        app.MapGet("/health/live", static () => "");
    }

    private async Task FailAsync(HttpContext http, RequestDelegate next)
    {
        var id = $"{http.Request.Path} {http.Request.Headers["Idempotency-Key"]}";
        var fault = Fault(http.Request, _attempts.AddOrUpdate(id, 1, static (_, attempts) => attempts + 1));
        switch (fault)
        {
            case World.Replay.Fault.Unavailable:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case World.Replay.Fault.Refused:
                http.Response.StatusCode = StatusCodes.Status409Conflict;
                return;
            case World.Replay.Fault.AnswerLost:
                http.Response.Body = Stream.Null;
                await next(http);
                http.Abort();
                return;
            default:
                await next(http);
                return;
        }
    }

    /// <summary>A repeated key gets the answer of the first, and is not carried out again.</summary>
    private async Task DeduplicateAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key)
        {
            await next(http);
            return;
        }

        var mine = new TaskCompletionSource<byte[]>();
        var first = _answers.GetOrAdd(key, mine.Task);
        var body = http.Response.Body;
        if (first == mine.Task)
        {
            using var answer = new MemoryStream();
            http.Response.Body = answer;
            await next(http);
            http.Response.Body = body;
            mine.SetResult(answer.ToArray());
        }

        await body.WriteAsync(await first);
    }
}

/// <summary>What goes wrong with one attempt of a request.</summary>
internal enum Fault
{
    None,

    /// <summary>503, and nothing happened.</summary>
    Unavailable,

    /// <summary>It happened, and the connection broke before the answer.</summary>
    AnswerLost,

    /// <summary>409.</summary>
    Refused,
}
