using System.Net;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>Keeps one gateway of a peer region connected: connects, watches by heartbeats, gives up, connects again.</summary>
internal sealed class GatewayWatch(LinkContext context, RegionId peer, IPEndPoint gateway, RegionLink link)
{
    // A heartbeat timeout that fires this late was not measured by a process that was running: it is given one more turn.
    private static readonly TimeSpan StallTolerance = TimeSpan.FromMilliseconds(250);

    private volatile string? _problem = "not connected yet";

    public IPEndPoint Gateway => gateway;

    /// <summary>Why this gateway is not connected, in words; null while it is.</summary>
    public string? Problem => _problem;

    /// <summary>Runs until <paramref name="stop"/>. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Dialling.WhilePassableAsync(context, peer, Report, stop);
                await ConnectOnceAsync(stop);
                await Task.Delay(context.Options.RedialInterval, context.Time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ConnectOnceAsync(CancellationToken stop)
    {
        GatewayClient? client = null;
        try
        {
            // Building a client scans assemblies: off the caller's thread, which at start is the host's.
            client = await Task.Run(() => new GatewayClient(context, peer, gateway, Report), stop);
            await client.StartAsync(stop);
            _problem = null;
            link.OnUp(client);
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
                link.OnDown(client, expected: stop.IsCancellationRequested);
                await client.DisposeAsync();
            }
        }
    }

    /// <summary>Completes, with the reason, when the client is no longer worth keeping.</summary>
    private async Task<string> WatchAsync(GatewayClient client, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await client.Lost.WaitAsync(context.Options.HeartbeatInterval, context.Time, stop);
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
        var patience = context.Options.HeartbeatTimeout + (2 * client.RoundTrip.Cautious);
        for (var stalled = false; ; stalled = true)
        {
            var start = context.Time.GetTimestamp();
            try
            {
                await Task.WhenAny(beat, client.Lost).WaitAsync(patience, context.Time, stop);
                return client.Lost.IsCompleted ? "connection closed" : beat.IsFaulted ? ConnectFailure.Describe(beat.Exception) : null;
            }
            catch (TimeoutException) when (!stalled && context.Time.GetElapsedTime(start) > patience + StallTolerance)
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
        link.OnProblem();
    }
}
