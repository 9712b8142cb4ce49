using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>What the own store says to an append.</summary>
internal sealed record ReplicaStored(AppendVerdict Verdict, ShardHead Head);
