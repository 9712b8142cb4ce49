using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Errors;

/// <summary>A shard stopped acting on this silo while something waited for it.</summary>
[GenerateSerializer, Alias("orleansgeo.shardclosed")]
internal sealed class ShardClosedException(ShardId shard, string reason) : OrleansException($"Shard {shard} closed on this silo: {reason}");
