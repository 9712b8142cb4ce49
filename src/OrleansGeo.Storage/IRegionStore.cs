using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage;

/// <summary>
/// One region's durable store: the logs, records and heads of its shards. Every silo of the region uses the same one.
/// </summary>
/// <remarks>
/// <para>Every mutation names its fencing token and is atomic and durable when its task completes. Refusals are values;
/// a <see cref="RegionStoreException"/> means that the store failed and that the outcome is <em>unknown</em>: the caller repeats
/// the same call, which is safe for every one of them.</para>
/// <para>Calls may run concurrently. Calls on one shard take effect in the order in which they were made.</para>
/// </remarks>
public interface IRegionStore : IAsyncDisposable
{
    /// <summary>What and where this store is, for messages: <c>SQLite store '/data/westeurope.db'</c>.</summary>
    string Description { get; }

    /// <summary>Which life of which store this is. Set by <see cref="OpenAsync"/>.</summary>
    StoreLife Life { get; }

    /// <summary>Whether several processes may have it open at once, so that one of them may be thought dead and go on. Then a strong read asks the store whether another one wrote.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Whether there is evidence that the store is as the last process left it, with all that it said was durable: not new, not an older copy, and no power was lost in between. Set by
    /// <see cref="OpenAsync"/>, and by <see cref="VouchAsync"/>. Without it a region asks the others what its store should hold before it counts on it.
    /// </summary>
    bool IsContinued { get; }

    /// <summary>Looks again whether there is: another process that has the store open may have vouched for it.</summary>
    /// <returns><see cref="IsContinued"/>.</returns>
    Task<bool> FindEvidenceAsync(CancellationToken cancellationToken = default);

    /// <summary>The store is known to hold all that it held: from here on there is evidence for the next opening.</summary>
    Task VouchAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens the store, creating it for <paramref name="world"/> if it is new.</summary>
    /// <exception cref="RegionStoreException">It cannot be opened, is corrupt, is in use, or belongs to another world or region.</exception>
    Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default);

    /// <summary>Every shard that has a head here.</summary>
    Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default);

    /// <summary>The shard's head; <see cref="ShardHead.Empty"/> for a shard that was never written.</summary>
    Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default);

    /// <summary>Appends rows if <see cref="AppendFence"/> says <see cref="AppendVerdict.Stored"/>, and raises the promise to the token.</summary>
    /// <remarks>
    /// An empty append is a verification of <see cref="AppendCommand.Previous"/> that also raises the promise. Rows that stand there already are compared
    /// (<see cref="AppendFence.Diverges"/>); if they differ, the answer is <see cref="AppendVerdict.Diverged"/> and nothing changes.
    /// </remarks>
    Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default);

    /// <summary>Promises to refuse every token that <paramref name="token"/> fences, and reads the head, in one durable step.</summary>
    /// <returns>The head afterwards. The promise was refused when its <see cref="ShardHead.Promised"/> is not <paramref name="token"/>.</returns>
    Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default);

    /// <summary>Removes every row after <paramref name="keepThrough"/> and keeps those rows in the ledger, in one durable step.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="token">Under whose authority.</param>
    /// <param name="keepThrough">The last entry that stays.</param>
    /// <param name="foreignEpoch">The epoch of the entry after it, as the caller saw it: an activation that does not know of a cut already made must not cut what was appended since.</param>
    /// <param name="cancellationToken">Stops the wait, not the cut.</param>
    /// <returns>The head afterwards; unchanged when the token is fenced or the entry after <paramref name="keepThrough"/> is not of <paramref name="foreignEpoch"/>.</returns>
    /// <exception cref="InvalidOperationException">The cut would go below the checkpoint, or through the middle of a row.</exception>
    Task<ShardHead> CutAsync(ShardId shard, FencingToken token, LogPosition keepThrough, long foreignEpoch, CancellationToken cancellationToken = default);

    /// <summary>Rows in order, from the one that holds <paramref name="from"/> or the first retained after it, until <paramref name="maxBytes"/> is passed (at least one row if there is any).</summary>
    /// <exception cref="RegionStoreException">A row fails its checksum.</exception>
    Task<ImmutableArray<LogRow>> ReadLogAsync(ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default);

    /// <summary>The entity's record as of the checkpoint; <see cref="EntityRecord.Empty"/> when there is none.</summary>
    Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default);

    /// <summary>Records in order of entity, after <paramref name="afterEntity"/>, until <paramref name="maxBytes"/> is passed (at least one entity if there is any).</summary>
    Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default);

    /// <summary>Writes the changed states of records and moves the checkpoint to <paramref name="through"/>.</summary>
    /// <returns>The head afterwards; unchanged when the token is fenced or the checkpoint is already there.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="through"/> is past the last stored entry.</exception>
    Task<ShardHead> CheckpointAsync(
        ShardId shard, FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes, CancellationToken cancellationToken = default);

    /// <summary>Deletes rows that end at or before <paramref name="through"/>, and the tombstones of states cleared by them (<see cref="EntityRecord.WithoutTombstones"/>).</summary>
    /// <returns>The head afterwards; unchanged when the token is fenced.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="through"/> is past the checkpoint.</exception>
    Task<ShardHead> TrimAsync(ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default);

    /// <summary>One step of copying a shard from its home into this store: begin (which discards log and records), add records, finish.</summary>
    /// <returns>The head afterwards; unchanged when the token is fenced.</returns>
    Task<ShardHead> CopyAsync(ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Rows that cuts removed, oldest first. They stay for good, whatever becomes of their entries; so that they are read once, a reader says which it has. A row may come
    /// in below the id of one that was read before.
    /// </summary>
    /// <param name="known">The ids of rows that are left out; null: none are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<ImmutableArray<CutRow>> ReadCutRowsAsync(IReadOnlySet<long>? known = null, CancellationToken cancellationToken = default);

    /// <summary>Marks one entry of a cut row: what became of it. The last mark counts.</summary>
    Task MarkAsync(LedgerMark mark, CancellationToken cancellationToken = default);

    /// <summary>Every entry that was marked, with its last mark.</summary>
    Task<ImmutableArray<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken = default);

    /// <summary>Notes that a region which was left behind may hold acknowledged entries that this region's log does not. Once per (shard, region, epoch).</summary>
    Task SuspectAsync(Suspicion suspicion, CancellationToken cancellationToken = default);

    /// <summary>Takes a suspicion back: the region's store is here again, and what it held is in its ledger.</summary>
    Task ClearSuspicionAsync(Suspicion suspicion, CancellationToken cancellationToken = default);

    /// <summary>Every suspicion that was not taken back, in the order in which they were noted.</summary>
    Task<ImmutableArray<Suspicion>> ReadSuspicionsAsync(CancellationToken cancellationToken = default);

    /// <summary>The acceptor of a register takes a message (<see cref="AcceptorRules"/>), in one durable step.</summary>
    /// <param name="register">The register's name; a new one is <see cref="AcceptorState.Empty"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Stops the wait, not the step.</param>
    /// <returns>Whether it was granted, and the state afterwards.</returns>
    Task<RegisterTaken> TakeAsync(string register, RegisterMessage message, CancellationToken cancellationToken = default);
}
