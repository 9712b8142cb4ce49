using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Runtime.Storage;

/// <summary>A step of copying a shard's records from its home. A store that is copying refuses appends and counts for nothing.</summary>
public abstract record CopyCommand
{
    private CopyCommand()
    {
    }

    /// <summary>
    /// If <see cref="CopyFence.MayBegin"/>: keeps the rows that the home does not have in the ledger, discards what the store has of the shard and marks it
    /// as copying, in one step. Promise and last position stay, as the report of the old tail.
    /// </summary>
    public sealed record Begin(CopyStart Start) : CopyCommand;

    /// <summary>Adds records (replacing states that are already there). Refused unless copying.</summary>
    public sealed record Add(ImmutableArray<StoredRecord> Records) : CopyCommand;

    /// <summary>
    /// Ends the copy: the records are as of <paramref name="Checkpoint"/>, and the log continues after <paramref name="Trimmed"/>,
    /// so last becomes <paramref name="Trimmed"/>, the epoch table is cut there (<see cref="EpochTable.Cut"/>), and the rows up to the checkpoint arrive as ordinary appends.
    /// </summary>
    public sealed record Finish(LogPosition Trimmed, LogPosition Checkpoint, EpochTable Epochs) : CopyCommand;
}
