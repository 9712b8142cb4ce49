using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replication;

/// <summary>How a copy ends: the records are as of <paramref name="Checkpoint"/> at most, and the log goes on after <paramref name="Trimmed"/>.</summary>
public sealed record CopyFinish(LogPosition Trimmed, LogPosition Checkpoint, EpochTable Epochs);
