using Orleans.Concurrency;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Runtime.Shards.Moves;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard's grain in one region. Its key is the shard's name.</summary>
[Alias("orleansgeo.shard")]
[GrainInterfaceType("orleansgeo.shard")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the shard acts, and says on which silo.</summary>
    [AlwaysInterleave, Alias("locate")]
    ValueTask<SiloAddress> Locate();

    /// <summary>On which silo an entity with its key in this shard is to be activated: that of the shard that it was moved to, if this silo knows of it.</summary>
    [AlwaysInterleave, Alias("place")]
    ValueTask<SiloAddress> Place(GrainId entity);

    /// <summary>An entity that was moved here is about to be activated; says on which silo. Null: it is not shown here.</summary>
    [AlwaysInterleave, Alias("expect")]
    ValueTask<SiloAddress?> Expect(GrainId entity, long generation);

    /// <summary>Whether an entity that came in this generation can be had in this region; null: that cannot be told now. A home fetches it if it must.</summary>
    [AlwaysInterleave, Alias("shows")]
    ValueTask<bool?> Shows(string entity, long generation);

    /// <summary>Where an entity is, as far as this shard knows: only at the home, on a majority of regions, or as shown in this region.</summary>
    [AlwaysInterleave, Alias("where")]
    ValueTask<WhereWire> Where(string entity, bool isHomeOnly);

    /// <summary>At the home: let an entity go, and give a page of what it takes along.</summary>
    [AlwaysInterleave, Alias("leave")]
    ValueTask<LuggageWire> Leave(MoveWire move, long after);

    /// <summary>At the home: fetch an entity.</summary>
    [AlwaysInterleave, Alias("takein")]
    ValueTask<MoveVerdict> TakeIn(MoveWire move);

    /// <summary>At the home of the shard of its key: note where an entity went.</summary>
    [AlwaysInterleave, Alias("point")]
    ValueTask<MoveVerdict> Point(MoveWire move);

    /// <summary>In any region: the pins of this shard's keys after an entity, a page.</summary>
    [AlwaysInterleave, Alias("pins")]
    ValueTask<PinWire[]> Pins(string? after, int count);

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
