using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replication;

/// <summary>The home's log when a copy began, so that the replica's store can tell what it would discard.</summary>
/// <param name="Trimmed">Everything up to here is gone from the home's log.</param>
/// <param name="Last">The home's last stored entry.</param>
/// <param name="Epochs">Which epoch wrote which part.</param>
public sealed record CopyStart(LogPosition Trimmed, LogPosition Last, EpochTable Epochs);
