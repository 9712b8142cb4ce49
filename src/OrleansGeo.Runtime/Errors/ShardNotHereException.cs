using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Errors;

/// <summary>An entity was activated on a silo that does not have its shard: the shard moved meanwhile. The next activation finds it.</summary>
[GenerateSerializer, Alias("orleansgeo.shardnothere")]
internal sealed class ShardNotHereException(ShardId shard) : OrleansException($"Shard {shard} is not open on this silo (it moved, or the silo has just started); try again.");
