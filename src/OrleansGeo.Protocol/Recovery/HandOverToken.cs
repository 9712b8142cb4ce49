using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Recovery;

/// <summary>
/// From a home to the region that the topology reserved the shard for: serve it from here on. The sender's store has promised
/// <paramref name="Token"/> by then, so it can never serve under its own epoch again.
/// </summary>
/// <param name="Shard">The shard.</param>
/// <param name="Token">The receiver, and the epoch that was reserved for it.</param>
/// <param name="Last">Where the sender's log ended.</param>
/// <param name="LastEpoch">The epoch of that entry.</param>
internal sealed record HandOverToken(ShardId Shard, FencingToken Token, LogPosition Last, long LastEpoch)
{
    /// <summary>Whether a store holds just what was handed over. If not, its region recovers the log like after a forced promotion, under the same epoch.</summary>
    public bool Matches(ShardHead own) => !own.Copying && own.Last == Last && own.LastEpoch == LastEpoch;
}
