using System.Net;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Links;

/// <summary>Keeps one gateway of a peer region connected: connects, watches by heartbeats, gives up, connects again, to wherever the gateway is by then.</summary>
internal sealed class GatewayWatch : IDisposable
{
    // A heartbeat timeout that fires this late was not measured by a process that was running: it is given one more turn.
    private static readonly TimeSpan StallTolerance = TimeSpan.FromMilliseconds(250);

    // Each change of the address costs a client of its own: a peer of several addresses that is down must not cost this process a core.
    private const int RoundPause = 4;

    private readonly LinkContext _context;
    private readonly RegionId _peer;
    private readonly RegionLink _link;
    private readonly GatewayPlaces _places;
    private readonly BackgroundLoop _loop;
    private volatile string? _problem = "not connected yet";

    /// <summary>The other place that is to be dialled next, if the last attempt found one.</summary>
    private volatile IPEndPoint? _elsewhere;

    public GatewayWatch(LinkContext context, RegionId peer, GatewayAddress gateway, RegionLink link)
    {
        (_context, _peer, _link, _places) = (context, peer, link, new(context, peer, gateway));
        _loop = context.Loops.Create(
            new()
            {
                Name = "link",
                Of = $"to {peer} at {gateway}",
                Effect = $"this process does not connect to that gateway of {peer}",
                FirstPause = context.Options.RedialInterval,
            },
            ConnectAsync,
            context.Loggers.CreateLogger<GatewayWatch>());
    }

    /// <summary>The gateway, and where it is, in words.</summary>
    public string Gateway => _places.ToString();

    /// <summary>Why this gateway is not connected, in words; null while it is.</summary>
    public string? Problem => _problem;

    public void Start() => _loop.Start();

    /// <summary>Completes when the gateway is not connected any more.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _loop.StopAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    /// <summary>Connects, and completes when the connection is lost or was not to be had.</summary>
    private async ValueTask<LoopNext> ConnectAsync(CancellationToken stop)
    {
        try
        {
            await Dialling.WhilePassableAsync(_context, _peer, Report, stop);
            await ConnectOnceAsync(stop);
            return LoopNext.After(_context.Options.RedialInterval);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // Such as a log that cannot be written.
            _problem = ConnectFailure.Describe(exception);
            throw;
        }
    }

    private async Task ConnectOnceAsync(CancellationToken stop)
    {
        GatewayClient? client = null;
        try
        {
            var place = _elsewhere ?? await _places.NextAsync(stop);
            _elsewhere = null;

            // Building a client scans assemblies: off the caller's thread, which at start is the host's.
            client = await Task.Run(() => new GatewayClient(_context, _peer, place, Report, token => IsWorthAnotherAsync(place, token)), stop);
            await client.StartAsync(stop);
            _places.Connected(place);
            _problem = null;
            _link.OnUp(client);
            Report(await WatchAsync(client, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Report("this process is stopping");
        }
        catch (Exception exception)
        {
            Report(ConnectFailure.Describe(exception));
        }
        finally
        {
            if (client is not null)
            {
                await using (client)
                {
                    _link.OnDown(client, expected: stop.IsCancellationRequested);
                }
            }
        }
    }

    /// <summary>A client knows one place. It goes on while there is no other to try: making another one costs more than an attempt.</summary>
    private async Task<bool> IsWorthAnotherAsync(IPEndPoint dialled, CancellationToken cancellationToken)
    {
        await Dialling.PauseAsync(_context, _peer, Report, cancellationToken);
        var next = await _places.NextAsync(cancellationToken);
        if (next.Equals(dialled))
        {
            return true;
        }

        _elsewhere = next;
        if (_places.StartsOver)
        {
            await Task.Delay(_context.Options.RedialInterval * RoundPause, _context.Time, cancellationToken);
        }

        return false;
    }

    /// <summary>Completes, with the reason, when the client is no longer worth keeping.</summary>
    private async Task<string> WatchAsync(GatewayClient client, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await client.Lost.WaitAsync(_context.Options.HeartbeatInterval, _context.Time, stop);
                return "connection closed";
            }
            catch (TimeoutException)
            {
                // Not lost: time for a heartbeat.
            }

            if (await BeatAsync(client, stop) is { } problem)
            {
                return problem;
            }
        }
    }

    private async Task<string?> BeatAsync(GatewayClient client, CancellationToken stop)
    {
        var beat = client.PingAsync();
        Observe(beat);
        var patience = _context.Options.HeartbeatTimeout + (2 * client.RoundTrip.Cautious);
        for (var stalled = false; ; stalled = true)
        {
            var start = _context.Time.GetTimestamp();
            try
            {
                await Task.WhenAny(beat, client.Lost).WaitAsync(patience, _context.Time, stop);
                return client.Lost.IsCompleted ? "connection closed" : beat.IsFaulted ? ConnectFailure.Describe(beat.Exception) : null;
            }
            catch (TimeoutException) when (!stalled && _context.Time.GetElapsedTime(start) > patience + StallTolerance)
            {
                // This process stood still, not the peer.
            }
            catch (TimeoutException)
            {
                return $"no answer to a heartbeat within {patience.TotalMilliseconds:0} ms";
            }
        }
    }

    // A heartbeat that is given up ends when its client is stopped; its failure says nothing new then.
    private static void Observe(Task beat) =>
        _ = beat.ContinueWith(static task => task.Exception, TaskContinuationOptions.ExecuteSynchronously);

    private void Report(string problem)
    {
        _problem = problem;
        _link.OnProblem();
    }
}
