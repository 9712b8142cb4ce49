using Orleans.Concurrency;
using OrleansGeo.Runtime.Replication;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard's grain in one region. Its key is the shard's name.</summary>
[Alias("orleansgeo.shard")]
[GrainInterfaceType("orleansgeo.shard")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the shard acts, and says on which silo.</summary>
    [AlwaysInterleave, Alias("locate")]
    ValueTask<SiloAddress> Locate();

    /// <summary>From the home: rows to append.</summary>
    [AlwaysInterleave, Alias("append")]
    ValueTask<AppendReplyWire> Append(AppendMessageWire message);

    /// <summary>From the home: a page of records. False: out of order, begin again.</summary>
    [AlwaysInterleave, Alias("copy")]
    ValueTask<bool> Copy(CopyMessageWire message);

    /// <summary>From a replica that just opened: tell me where the log stands.</summary>
    [AlwaysInterleave, Alias("follow")]
    ValueTask Follow(string region);

    /// <summary>From the old home: serve the shard from here on. True once this region is its home whatever ends; false: send it again.</summary>
    [AlwaysInterleave, Alias("takeover")]
    ValueTask<bool> TakeOver(HandOverTokenWire token);

    /// <summary>At the home: write a lost write again.</summary>
    [AlwaysInterleave, Alias("replay")]
    ValueTask<Failover.ReplayOutcome> Replay(ReplayWire lost);

    /// <summary>At the home: which of these requests the log has.</summary>
    [AlwaysInterleave, Alias("knows")]
    ValueTask<bool[]> Knows(string[] entities, string[] requests);

    /// <summary>At the home: whether a region's replica holds what earlier epochs left, so that whatever else it had is in its ledger.</summary>
    [AlwaysInterleave, Alias("settled")]
    ValueTask<bool> HasSettled(string region);
}
