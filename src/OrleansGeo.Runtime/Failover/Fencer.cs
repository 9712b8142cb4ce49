using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Asks the other regions to promise epochs. Shards that are promoted at the same time share their messages: one a peer, not one a shard.</summary>
internal sealed class Fencer(IRegionLinks links, BackgroundLoops loops, TimeProvider time, ILogger<Fencer> logger) : IDisposable
{
    private readonly PeerFencer[] _peers = [.. links.All.Select(link => new PeerFencer(link, loops, time, logger))];

    /// <summary>Asks every peer, again and again, until it has answered for this shard, or until cancelled.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="token">What to promise.</param>
    /// <param name="promised">Told of every answer, on any thread.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public void Ask(ShardId shard, FencingToken token, Action<RegionId, ShardHead, bool> promised, CancellationToken cancellationToken)
    {
        foreach (var peer in _peers)
        {
            peer.Ask(new(shard, token, promised, cancellationToken));
        }
    }

    public void Dispose()
    {
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }
}
