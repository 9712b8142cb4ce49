using Azure;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>A shard's head as its row holds it, with what the store itself has to know.</summary>
internal sealed record HeadState
{
    public static HeadState Empty { get; } = new();

    public ShardHead Shard { get; init; } = ShardHead.Empty;

    /// <summary>Under which the next rows are written.</summary>
    public Guid Generation { get; init; }

    public LogSegments Segments { get; init; } = LogSegments.Empty;

    /// <summary>No row that left the log is at or before this position any more, but those that the ledger keeps.</summary>
    public LogPosition Swept { get; init; }

    /// <summary>Rises with every change of the row.</summary>
    public long Version { get; init; }

    /// <summary>The default while there is no row.</summary>
    public ETag ETag { get; init; }

    public bool Exists => ETag != default;

    /// <summary>Whether the log has rows.</summary>
    public bool HasRows => !Shard.Copying && Shard.Trimmed < Shard.Last;
}
