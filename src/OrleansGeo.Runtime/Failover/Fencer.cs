using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Asks the other regions to promise epochs. Shards that are promoted at the same time share their messages: one a peer, not one a shard.</summary>
internal sealed partial class Fencer : IDisposable
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly IRegionLinks _links;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<RegionId, List<Request>> _queues = [];
    private readonly CancellationTokenSource _stopping = new();

    public Fencer(IRegionLinks links, TimeProvider time, ILogger<Fencer> logger)
    {
        (_links, _time, _logger) = (links, time, logger);
    }

    /// <summary>Asks every peer, again and again, until cancelled.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="token">What to promise.</param>
    /// <param name="promised">Told of every answer, on any thread.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public void Ask(ShardId shard, FencingToken token, Action<RegionId, ShardHead> promised, CancellationToken cancellationToken)
    {
        foreach (var link in _links.All)
        {
            Enqueue(link, new(shard, token, promised, cancellationToken));
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Enqueue(IRegionLink link, Request request)
    {
        lock (_lock)
        {
            if (_queues.TryGetValue(link.Peer, out var queue))
            {
                queue.Add(request);
                return;
            }

            _queues[link.Peer] = [request];
        }

        // Ends when the queue is empty; it handles its own failures.
        _ = Task.Run(() => DrainAsync(link), CancellationToken.None);
    }

    private async Task DrainAsync(IRegionLink link)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(Gather, _time);
            List<Request> batch;
            lock (_lock)
            {
                batch = [.. _queues[link.Peer].Where(static request => !request.Cancellation.IsCancellationRequested)];
                _queues[link.Peer].Clear();
                if (batch.Count == 0)
                {
                    _queues.Remove(link.Peer);
                    return;
                }
            }

            if (!await SendAsync(link, batch))
            {
                await Task.Delay(Retry, _time);
                lock (_lock)
                {
                    _queues[link.Peer].AddRange(batch);
                }
            }
        }
    }

    private async Task<bool> SendAsync(IRegionLink link, List<Request> batch)
    {
        try
        {
            if (!link.TryGetChannel(out var channel))
            {
                return false;
            }

            var heads = await channel.Grains.GetGrain<IControlGrain>(0).Fence(
                [.. batch.Select(static request => new FenceWire(request.Shard.Name, request.Token.Region.Name, request.Token.Epoch))]);
            for (var i = 0; i < heads.Length; i++)
            {
                batch[i].Promised(link.Peer, heads[i].ToHead());
            }

            return true;
        }
        catch (Exception exception)
        {
            LogFailed(_logger, link.Peer, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Fencing shards in {Peer} failed and is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, RegionId peer, string problem);

    private sealed record Request(ShardId Shard, FencingToken Token, Action<RegionId, ShardHead> Promised, CancellationToken Cancellation);
}
