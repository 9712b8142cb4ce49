using Orleans.Placement;

namespace OrleansGeo.Runtime.Shards;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardGrainPlacementAttribute() : PlacementAttribute(new ShardGrainPlacement());
