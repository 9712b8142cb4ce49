using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary>One shard whose epoch a peer is to promise. Guarded by its <see cref="PeerFencer"/>.</summary>
/// <param name="shard">The shard.</param>
/// <param name="token">What to promise.</param>
/// <param name="promised">Told of the answer.</param>
/// <param name="cancellation">Ends the asking.</param>
internal sealed class FenceRequest(ShardId shard, FencingToken token, Action<RegionId, ShardHead, bool> promised, CancellationToken cancellation)
{
    public ShardId Shard => shard;

    public FencingToken Token => token;

    public Action<RegionId, ShardHead, bool> Promised => promised;

    public bool IsOver => cancellation.IsCancellationRequested;

    /// <summary>The timestamp at which it is to be asked; null while it is under way.</summary>
    public long? Due { get; set; }

    /// <summary>How often it was answered without a head.</summary>
    public int Failures { get; set; }

    /// <summary>The timestamp at which it was told of last that there is no head; null: it was not.</summary>
    public long? SaidAt { get; set; }

    public FenceWire ToWire() => new(shard.Name, token.Region.Name, token.Epoch);
}
