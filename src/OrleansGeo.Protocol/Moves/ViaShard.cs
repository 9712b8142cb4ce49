using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Moves;

/// <summary>A shard that an entity was in before: what sessions saw of it there is judged by this (invariant 7).</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Left">The entry by which the entity left it last.</param>
/// <param name="Epochs">Which epoch wrote which part of that shard's log, when the entity left.</param>
internal sealed record ViaShard(ShardId Shard, RecordVersion Left, EpochTable Epochs);
