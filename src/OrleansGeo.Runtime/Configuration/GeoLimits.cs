namespace OrleansGeo.Runtime.Configuration;

/// <summary>Everything that can grow has a limit. Past it: a typed error that names the limit, and nothing half-done.</summary>
public sealed class GeoLimits
{
    /// <summary>As long as a call may be repeated, and what its last attempt may take beyond the deadline before its home notes it: so long a request must be remembered.</summary>
    internal static TimeSpan LeastDeduplicationWindow { get; } = GeoCallOptions.LongestDeadline + TimeSpan.FromMinutes(1);

    /// <summary>Bytes of one entity's changed states in one request. Default 512 KiB.</summary>
    public int RecordBytes { get; set; } = 512 * 1024;

    /// <summary>Bytes of an answer that is kept for a repeated request. Default 512 KiB.</summary>
    public int ResponseBytes { get; set; } = 512 * 1024;

    /// <summary>Keys of one CRDT state: members of a set, fields of a map, removed ones included until every region knows of the removal. Default 100,000.</summary>
    public int CrdtKeys { get; set; } = 100_000;

    /// <summary>Bytes of a grain key. Default 1,024.</summary>
    public int KeyBytes { get; set; } = 1024;

    /// <summary>Bytes of entries in one batch. A batch is closed when it is this large. Default 1 MiB.</summary>
    public int BatchBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of entries that a shard accepted and has not acknowledged. Default 32 MiB.</summary>
    public int StagedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long a request id is remembered, in the home's monotonic time. Default 10 minutes; at least 6, which is more than a call may be repeated for, and which remain
    /// where there are so many that more than half of <see cref="DeduplicationEntries"/> or <see cref="DeduplicationBytes"/> are remembered.
    /// </summary>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Request ids that a shard remembers. Default 1,000,000. Beyond the half, the oldest are forgotten before their window ends, after 6 minutes; at the limit, requests are refused.
    /// </summary>
    public int DeduplicationEntries { get; set; } = 1_000_000;

    /// <summary>
    /// Bytes of memory for the request ids that a shard remembers, and their answers: of each, its answer and about 160 more. Default 512 MiB. Beyond the half, the oldest are forgotten
    /// before their window ends, after 6 minutes; at the limit, requests are refused. At least 64 times <see cref="ResponseBytes"/>.
    /// </summary>
    public long DeduplicationBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>Bytes of log that a shard keeps for replicas that lag. A replica that lags further is sent the records instead. Default 64 MiB.</summary>
    public long LogRetentionBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes of rows that a home has under way to one replica. Default 4 MiB.</summary>
    public int ReplicationWindowBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Reminders that the entities of one shard have at the same time. Default 10,000.</summary>
    public int RemindersPerShard { get; set; } = 10_000;

    /// <summary>Ticks of one shard's reminders that are under way at the same time; further ones wait for their turn. Default 256.</summary>
    public int ReminderTicksAtOnce { get; set; } = 256;

    /// <summary>Entries above the checkpoint after which a shard writes one. Default 4,096.</summary>
    public int CheckpointEntries { get; set; } = 4096;

    /// <summary>Longest time between a write and the checkpoint that contains it. Default 5 s.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(5);
}
