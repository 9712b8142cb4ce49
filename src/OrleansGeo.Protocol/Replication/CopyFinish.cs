using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replication;

/// <summary>
/// How a copy ends: the records are as of <paramref name="Checkpoint"/> or newer, and the log goes on after <paramref name="Trimmed"/>. Both as
/// they were before the first record was read. <paramref name="Epochs"/> goes to the end of the home's log: the store keeps what is not after <paramref name="Trimmed"/>.
/// </summary>
internal sealed record CopyFinish(LogPosition Trimmed, LogPosition Checkpoint, EpochTable Epochs);
