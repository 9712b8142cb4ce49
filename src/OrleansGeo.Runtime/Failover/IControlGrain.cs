using Orleans.Concurrency;
using OrleansGeo.Runtime.Logs;

namespace OrleansGeo.Runtime.Failover;

/// <summary>A region's one control plane: acceptor, lease, topology. Key 0.</summary>
[Alias("orleansgeo.control")]
[GrainInterfaceType("orleansgeo.control")]
internal interface IControlGrain : IGrainWithIntegerKey
{
    /// <summary>From any region: a message to this region's acceptor of a register.</summary>
    [AlwaysInterleave, Alias("take")]
    ValueTask<RegisterReplyWire> Take(string register, RegisterMessageWire message);

    /// <summary>From any region: this topology was decided.</summary>
    [AlwaysInterleave, Alias("news")]
    ValueTask News(byte[] topology);

    /// <summary>From the region's own silos and clients: what is known. Waits for something newer, up to <paramref name="waitMs"/>.</summary>
    /// <param name="version">The version of the topology that the asker knows.</param>
    /// <param name="generation">The lease generation that it knows.</param>
    /// <param name="waitMs">How long it waits for something newer.</param>
    /// <param name="silo">The silo that may act upon the answer; null: a client, or a silo of an earlier version.</param>
    /// <param name="heard">The last <see cref="FollowReply.TakenNumber"/> whose homes it has closed.</param>
    [AlwaysInterleave, Alias("follow")]
    ValueTask<FollowReply> Follow(long version, long generation, int waitMs, SiloAddress? silo = null, long heard = 0);

    /// <summary>From the region's own silos, which may use one store: a silo is about to begin a home. Completes when no other silo can say that what it shows of the shard is fresh.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="generation">The lease generation under which it is to be home; null: it is the owner of a row, and acts without a lease.</param>
    /// <returns>The number of the claim, for <see cref="Release"/>.</returns>
    [AlwaysInterleave, Alias("claim")]
    ValueTask<long> Claim(string shard, SiloAddress silo, long? generation);

    /// <summary>From the region's own silos: a silo has closed a home.</summary>
    [AlwaysInterleave, Alias("release")]
    ValueTask Release(string shard, SiloAddress silo, long claim);

    /// <summary>From the region's own silos: there is a topology of at least this version. Completes when it is known, or after a while.</summary>
    [AlwaysInterleave, Alias("catchup")]
    ValueTask CatchUp(long version);

    /// <summary>From the region's own silos: change the topology. Completes when it is decided whether the change applied.</summary>
    [AlwaysInterleave, Alias("change")]
    ValueTask<bool> Change(TopologyChangeWire change);

    /// <summary>From a region of an earlier version that was allotted shards: promise its epochs, and say where the logs end. Of all, or of none.</summary>
    [AlwaysInterleave, Alias("fence")]
    ValueTask<ShardHeadWire[]> Fence(FenceWire[] shards);

    /// <summary>From a region that was allotted shards: promise its epochs, and say of each, in their order, where its log ends, or why that cannot be said now. Comes within a bound.</summary>
    [AlwaysInterleave, Alias("fenceeach")]
    ValueTask<HeadAnswerWire[]> FenceEach(FenceWire[] shards);

    /// <summary>From a region whose store went back in time: what the acceptor of a register holds here. Only one that votes may say.</summary>
    [AlwaysInterleave, Alias("recall")]
    ValueTask<RegisterReplyWire> Recall(string register);

    /// <summary>From a region of an earlier version whose store went back in time: where the logs of shards end here. Of all, or of none. Only one that votes may say.</summary>
    [AlwaysInterleave, Alias("heads")]
    ValueTask<ShardHeadWire[]> Heads(string[] shards);

    /// <summary>From a region whose store went back in time: where the log of each shard ends here, in their order, or why that cannot be said now. Only one that votes may say. Comes within a bound.</summary>
    [AlwaysInterleave, Alias("headseach")]
    ValueTask<HeadAnswerWire[]> HeadsEach(string[] shards);

    /// <summary>From a region of an earlier version: the same of one shard.</summary>
    [AlwaysInterleave, Alias("forgotten")]
    ValueTask<long> ForgottenThrough(string shard);

    /// <summary>From a region that suspects that this one holds lost writes: up to which epoch of each shard they may be forgotten here. 0: none is.</summary>
    [AlwaysInterleave, Alias("forgottenall")]
    ValueTask<long[]> ForgottenThroughAll(string[] shards);

    /// <summary>From a region that recovers a shard: the rows from a position on, one page, and the head after they were read.</summary>
    [AlwaysInterleave, Alias("readlog")]
    ValueTask<LogPageWire> ReadLog(string shard, long from);

    /// <summary>From the owner of a row shard whose store was replaced: the records after an entity, one page.</summary>
    [AlwaysInterleave, Alias("readrecords")]
    ValueTask<CopyStateWire[]> ReadRecords(string shard, string? after);

    /// <summary>The same, to a region of an earlier version: after an entity, without so many states of the next one, whichever they are by now.</summary>
    [AlwaysInterleave, Alias("readstates")]
    ValueTask<CopyStateWire[]> ReadStates(string shard, string? after, int skip);

    /// <summary>The same, from where an answer ended: after an entity, and of the one that is named those after a state. A record larger than a page comes by parts.</summary>
    [AlwaysInterleave, Alias("readstatesafter")]
    ValueTask<CopyStateWire[]> ReadStatesAfter(string shard, string? after, string? entity, string? state);

    /// <summary>From the region's own silos and clients: the shards of which the region's store has anything.</summary>
    [AlwaysInterleave, Alias("shards")]
    ValueTask<string[]> Shards();

    /// <summary>From any region: this region's ledger.</summary>
    [AlwaysInterleave, Alias("ledger")]
    ValueTask<LedgerWire> ReadLedger();

    /// <summary>From any region's ledger: what the homes here know of what it lists.</summary>
    [AlwaysInterleave, Alias("ledgeranswers")]
    ValueTask<LedgerAnswerWire[]> AnswerLedger(LedgerQuestionWire[] questions);

    /// <summary>From any region: mark an entry of this region's ledger. False: there is none.</summary>
    [AlwaysInterleave, Alias("mark")]
    ValueTask<bool> Mark(long cut, long position, byte state);

    /// <summary>From any region: write an entry of this region's ledger again, at its home.</summary>
    [AlwaysInterleave, Alias("replay")]
    ValueTask<ReplayOutcome> Replay(long cut, long position, bool overwrite);
}
