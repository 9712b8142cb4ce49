using Azure;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Which rows are a shard's records.</summary>
internal sealed record RecordsState
{
    public static RecordsState Empty { get; } = new();

    /// <summary>Rows of a lower one were discarded by the begin of a copy.</summary>
    public long Generation { get; init; }

    /// <summary>Rises whenever the records change: whoever read rows while it stayed the same read them as of one moment.</summary>
    public long Number { get; init; }

    /// <summary>Changes that belong to the records already and may not be in their rows yet; null when all are.</summary>
    public Guid? Pending { get; init; }

    /// <summary>In how many rows the pending changes are.</summary>
    public int PendingParts { get; init; }

    /// <summary>The version of the head on which they were based: a part of their key.</summary>
    public long PendingBase { get; init; }

    /// <summary>No state is newer, the pending ones included.</summary>
    public RecordVersion Newest { get; init; }

    /// <summary>No state in a row is newer than this or a pending one.</summary>
    public RecordVersion NewestBefore { get; init; }

    /// <summary>Tombstones of states that were cleared up to here do not belong to the records any more, and may still be in their rows; null when none is.</summary>
    /// <remarks>Never together with <see cref="Pending"/>: each is finished before the next is begun.</remarks>
    public LogPosition? Cleared { get; init; }

    /// <summary>Whether there may be tombstones.</summary>
    public bool HasTombstones { get; init; }

    /// <summary>The default while there is no row.</summary>
    public ETag ETag { get; init; }
}
