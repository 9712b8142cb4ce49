using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage;

/// <summary>What became of an append, and the head afterwards.</summary>
public readonly record struct AppendResult(AppendVerdict Verdict, ShardHead Head);
