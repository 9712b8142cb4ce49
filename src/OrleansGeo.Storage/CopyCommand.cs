using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Storage;

/// <summary>A step of copying a shard's records from its home. A store that is copying refuses appends and counts for nothing.</summary>
public abstract record CopyCommand
{
    private CopyCommand(Guid copy) => Copy = copy;

    /// <summary>
    /// Names the copy. The store keeps the name of the one that was begun last, and leaves itself as it is when a step of another one comes: the end of
    /// a copy that was given up would otherwise declare a later, unfinished one complete.
    /// </summary>
    public Guid Copy { get; }

    /// <summary>
    /// If <see cref="CopyFence.MayBegin"/>: keeps the rows that the home does not have in the ledger, discards what the store has of the shard and marks it
    /// as copying, in one step. Promise and last position stay, as the report of the old tail.
    /// </summary>
    public sealed record Begin(Guid Copy, CopyStart Start) : CopyCommand(Copy);

    /// <summary>Adds records (replacing states that are already there). Refused unless copying.</summary>
    public sealed record Add(Guid Copy, ImmutableArray<StoredRecord> Records) : CopyCommand(Copy);

    /// <summary>
    /// Ends the copy: the records are as of <paramref name="Checkpoint"/>, and the log continues after <paramref name="Trimmed"/>,
    /// so last becomes <paramref name="Trimmed"/>, the epoch table is cut there (<see cref="EpochTable.Cut"/>), and the rows up to the checkpoint arrive as ordinary appends.
    /// </summary>
    public sealed record Finish(Guid Copy, LogPosition Trimmed, LogPosition Checkpoint, EpochTable Epochs) : CopyCommand(Copy);
}
