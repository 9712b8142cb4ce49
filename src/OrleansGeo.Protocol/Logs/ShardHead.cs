using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Logs;

/// <summary>What one region's store durably knows of one shard, apart from the entries and records themselves.</summary>
public sealed record ShardHead
{
    /// <summary>The head of a shard of which the store has nothing, and for which it promised nothing.</summary>
    public static ShardHead Empty { get; } = new();

    /// <summary>The highest token that this store accepted or promised. It only rises.</summary>
    public FencingToken Promised { get; init; }

    /// <summary>The last stored entry.</summary>
    public LogPosition Last { get; init; }

    /// <summary>Everything up to here was trimmed from the log.</summary>
    public LogPosition Trimmed { get; init; }

    /// <summary>The records are as of this entry.</summary>
    public LogPosition Checkpoint { get; init; }

    /// <summary>Which epoch wrote which part of the log, through <see cref="Last"/>. While a copy is under way, both are of the log before it.</summary>
    public EpochTable Epochs { get; init; } = EpochTable.Empty;

    /// <summary>A copy of the records from the home is under way: this store counts for nothing until it is done.</summary>
    public bool Copying { get; init; }

    /// <summary>The copy that was begun last: steps of another one change nothing.</summary>
    public Guid Copy { get; init; }

    /// <summary>The epoch of the entry at <see cref="Last"/>; 0 when there is none.</summary>
    public long LastEpoch => Epochs.EpochAt(Last);
}
